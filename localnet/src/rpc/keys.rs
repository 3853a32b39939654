//! `state_getKeys`, `state_getKeysPaged`: raw storage keys, page by page in their order.
//!
//! A page costs the stretches of keys that it touches, which for most items are those of one subnet: their lists are sorted
//! once and serve every block in which they have not changed.

use super::error;
use super::form::{at_most, block, bytes, hex, list, number, sealed, text};
use super::state::{CODE_KEY, Entry, index, value};
use crate::node::{Block, Shared};
use chain::schema::Item;
use chain::units::NetUid;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::Value as Json;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Keys that one page holds at most.
const PAGE_MAX: u64 = 1_000;
/// Sorted lists that are kept for the next page.
const LISTS: usize = 256;

pub(super) fn register(
    module: &mut RpcModule<Arc<Shared>>,
    lists: Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    let of_pages = Arc::clone(&lists);
    module.register_blocking_method("state_getKeysPaged", move |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 4)?;
        let prefix = match params.first() {
            None | Some(Json::Null) => Vec::new(),
            _ => bytes(text(&params, 0, "a prefix")?)?,
        };
        let count =
            params.get(1).and_then(number).ok_or_else(|| error::params("parameter 1: how many keys"))?;
        if count > PAGE_MAX {
            return Err(error::count(count, PAGE_MAX));
        }
        let start = match params.get(2) {
            None | Some(Json::Null) => None,
            _ => Some(bytes(text(&params, 2, "the key after which to begin")?)?),
        };
        let block = block(&shared, &params, 3)?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let keys = of_pages.page(&shared, &block, &prefix, start.as_deref(), count)?;
        Ok::<_, ErrorObjectOwned>(keys.iter().map(hex).collect::<Vec<_>>())
    })?;
    module.register_alias("state_getKeysPagedAt", "state_getKeysPaged")?;
    module.register_blocking_method("state_getKeys", move |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let (prefix, block) = (bytes(text(&params, 0, "a prefix")?)?, block(&shared, &params, 1)?);
        let keys = lists.page(&shared, &block, &prefix, None, usize::MAX)?;
        Ok::<_, ErrorObjectOwned>(keys.iter().map(hex).collect::<Vec<_>>())
    })?;
    Ok(())
}

/// The sorted raw keys of an item, of one subnet where they begin with it, at a block and as long as they stay so.
#[derive(Debug)]
struct List {
    item: &'static Item,
    subnet: Option<NetUid>,
    block: Arc<Block>,
    keys: Arc<Vec<Vec<u8>>>,
}

/// The newest lists.
#[derive(Debug, Default)]
pub(super) struct Lists(Mutex<VecDeque<List>>);

impl Lists {
    /// A page of the keys that begin with a prefix, in their order. The hashes of earlier blocks are read, not listed.
    pub(super) fn page(
        &self,
        shared: &Shared,
        block: &Arc<Block>,
        prefix: &[u8],
        start: Option<&[u8]>,
        count: usize,
    ) -> Result<Vec<Vec<u8>>, ErrorObjectOwned> {
        let mut out = Vec::new();
        self.fill(&mut out, shared, block, (prefix, start, count))?;
        // The one key that belongs to no item.
        let wanted = CODE_KEY.starts_with(prefix) && start.is_none_or(|start| start < CODE_KEY);
        let at = out.partition_point(|key| key.as_slice() < CODE_KEY);
        if wanted && at < count {
            out.insert(at, CODE_KEY.to_vec());
            out.truncate(count);
        }
        Ok(out)
    }

    fn fill(
        &self,
        out: &mut Vec<Vec<u8>>,
        shared: &Shared,
        block: &Arc<Block>,
        (prefix, start, count): (&[u8], Option<&[u8]>, usize),
    ) -> Result<(), ErrorObjectOwned> {
        let state = &sealed(block)?.state;
        // True when all keys that begin so are left out.
        let passed = |begin: &[u8]| {
            let foreign = !begin.starts_with(prefix) && !prefix.starts_with(begin);
            foreign || start.is_some_and(|start| !start.starts_with(begin) && start > begin)
        };
        for (of_item, entry) in index() {
            if passed(of_item) {
                continue;
            }
            let Entry::State(item) = entry else {
                let after =
                    start.is_none_or(|start| start < of_item.as_slice()) && of_item.starts_with(prefix);
                if after && out.len() < count && value(shared, block, of_item)?.is_some() {
                    out.push(of_item.to_vec());
                }
                continue;
            };
            for (begin, subnet) in item.stretches(state) {
                if out.len() >= count {
                    return Ok(());
                }
                if passed(&begin) {
                    continue;
                }
                let keys = self.of(block, item, subnet)?;
                let least = start.unwrap_or_default().max(prefix).max(&begin);
                let rest = keys.iter().skip(keys.partition_point(|key| key.as_slice() < least));
                let rest = rest.take_while(|key| key.starts_with(prefix) && key.starts_with(&begin));
                let rest = rest.filter(|key| Some(key.as_slice()) != start);
                out.extend(rest.take(count.saturating_sub(out.len())).cloned());
            }
        }
        Ok(())
    }

    fn of(
        &self,
        block: &Arc<Block>,
        item: &'static Item,
        subnet: Option<NetUid>,
    ) -> Result<Arc<Vec<Vec<u8>>>, ErrorObjectOwned> {
        let state = &sealed(block)?.state;
        let serves = |list: &List| {
            let same =
                || list.block.sealed.as_ref().is_some_and(|at| item.unchanged(&at.state, state, subnet));
            std::ptr::eq(list.item, item)
                && list.subnet == subnet
                && (Arc::ptr_eq(&list.block, block) || same())
        };
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = kept.iter().rev().find(|list| serves(list)) {
            return Ok(Arc::clone(&list.keys));
        }
        drop(kept);
        let keys = Arc::new(item.raw_keys(state, subnet));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= LISTS {
            kept.pop_front();
        }
        kept.push_back(List { item, subnet, block: Arc::clone(block), keys: Arc::clone(&keys) });
        Ok(keys)
    }
}
