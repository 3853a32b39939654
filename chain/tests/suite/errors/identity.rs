//! What people call a subnet or a coldkey.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, ROOT, STAKER, VALI_COLD, id};
use chain::call::subtensor::Call;
use chain::error::{DispatchError, SubtensorModuleError as E};
use chain::types::{ChainIdentityOfV2, SubnetIdentityOfV3};
use chain::units::NetUid;

const NOWHERE: NetUid = NetUid(9);

fn text(length: usize) -> Vec<u8> {
    vec![b'x'; length]
}

/// A subnet's identity whose every field is as long as it may be.
pub(super) fn longest() -> SubnetIdentityOfV3 {
    SubnetIdentityOfV3 {
        subnet_name: text(256),
        github_repo: text(1_024),
        subnet_contact: text(1_024),
        subnet_url: text(1_024),
        discord: text(256),
        description: text(1_024),
        logo_url: text(1_024),
        additional: text(1_024),
    }
}

/// The same with one field longer by a byte, for each field.
pub(super) fn too_long() -> Vec<SubnetIdentityOfV3> {
    let fields: [fn(&mut SubnetIdentityOfV3) -> &mut Vec<u8>; 8] = [
        |row| &mut row.subnet_name,
        |row| &mut row.github_repo,
        |row| &mut row.subnet_contact,
        |row| &mut row.subnet_url,
        |row| &mut row.discord,
        |row| &mut row.description,
        |row| &mut row.logo_url,
        |row| &mut row.additional,
    ];
    let longer = |field: fn(&mut SubnetIdentityOfV3) -> &mut Vec<u8>| {
        let mut row = longest();
        field(&mut row).push(b'x');
        row
    };
    fields.into_iter().map(longer).collect()
}

fn of_subnet(netuid: NetUid, row: SubnetIdentityOfV3) -> Call {
    let SubnetIdentityOfV3 {
        subnet_name,
        github_repo,
        subnet_contact,
        subnet_url,
        discord,
        description,
        logo_url,
        additional,
    } = row;
    Call::SetSubnetIdentity {
        netuid,
        subnet_name,
        github_repo,
        subnet_contact,
        subnet_url,
        discord,
        description,
        logo_url,
        additional,
    }
}

fn subnets() -> Vec<Row> {
    let good = || of_subnet(NET, longest());
    let mut rows: Vec<Row> = too_long()
        .into_iter()
        .map(|row| fails(E::InvalidIdentity, OWNER, of_subnet(NET, row)).but_call(good()))
        .collect();
    rows.push(fails(E::NotSubnetOwner, STAKER, good()).but_by(OWNER));
    rows.push(fails(E::NotSubnetOwner, OWNER, of_subnet(NOWHERE, longest())).but_call(good()));
    rows
}

fn of_coldkey(row: ChainIdentityOfV2) -> Call {
    let ChainIdentityOfV2 { name, url, github_repo, image, discord, description, additional } = row;
    Call::SetIdentity { name, url, github_repo, image, discord, description, additional }
}

fn coldkeys() -> Vec<Row> {
    let longest = || ChainIdentityOfV2 {
        name: text(256),
        url: text(256),
        github_repo: text(256),
        image: text(1_024),
        discord: text(256),
        description: text(1_024),
        additional: text(1_024),
    };
    let fields: [fn(&mut ChainIdentityOfV2) -> &mut Vec<u8>; 7] = [
        |row| &mut row.name,
        |row| &mut row.url,
        |row| &mut row.github_repo,
        |row| &mut row.image,
        |row| &mut row.discord,
        |row| &mut row.description,
        |row| &mut row.additional,
    ];
    let longer = |field: fn(&mut ChainIdentityOfV2) -> &mut Vec<u8>| {
        let mut row = longest();
        field(&mut row).push(b'x');
        fails(E::InvalidIdentity, VALI_COLD, of_coldkey(row)).but_call(of_coldkey(longest()))
    };
    let mut rows: Vec<Row> = fields.into_iter().map(longer).collect();
    rows.push(fails(E::HotKeyNotRegisteredInNetwork, STAKER, of_coldkey(longest())).but_by(VALI_COLD));
    rows
}

fn symbols() -> Vec<Row> {
    let update = |netuid, symbol: &str| Call::UpdateSymbol { netuid, symbol: symbol.as_bytes().to_vec() };
    vec![
        fails(DispatchError::BadOrigin, STAKER, update(NET, "ω")).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, update(NOWHERE, "ω")).but_call(update(NET, "ω")),
        fails(E::SymbolDoesNotExist, OWNER, update(NET, "x")).but_call(update(NET, "ω")),
        fails(E::SymbolDoesNotExist, ROOT, update(NET, "ωω")).but_call(update(NET, "ω")),
        // That of TAO is none of a subnet; the last one is.
        fails(E::SymbolDoesNotExist, OWNER, update(NET, "Τ")).but_call(update(NET, "\u{daf}")),
        // That of subnet 1.
        fails(E::SymbolAlreadyInUse, OWNER, update(NET, "α")).but_call(update(NET, "ω")),
        fails(E::SymbolAlreadyInUse, OWNER, update(NET, "ω"))
            .when(|w| w.state.subnet_mut(NetUid(1)).symbol = "ω".into()),
    ]
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [subnets(), coldkeys(), symbols()].concat() }
}

#[test]
fn identities_and_symbols() {
    let table = table();
    assert!(table.world.state.coldkey(&id(STAKER)).is_none_or(|row| row.owned_hotkeys.is_empty()));
    table.check();
}
