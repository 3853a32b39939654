//! Our types under the real chain's names and in its order.
//!
//! A [`Unifier`] walks our types and the declared ones side by side, from the same storage item, call, event, error or
//! constant, and pairs those that are encoded alike. A pair is served as declared, reduced to the variants that our
//! enum has; anything else is served as ours. Type ids are then assigned in the declared order, that in which the real
//! runtime registers its types, in every version of the metadata.
//!
//! A newtype is encoded as its only field, so a `Vec<u8>` of ours pairs with a declared `BoundedVec<u8, _>`.

use super::portable::call_name;
use scale_info::form::PortableForm;
use scale_info::{
    Field, PortableRegistry, PortableType, Type, TypeDef, TypeDefArray, TypeDefBitSequence, TypeDefCompact,
    TypeDefComposite, TypeDefSequence, TypeDefTuple, TypeDefVariant, TypeParameter, Variant,
};
use std::collections::{BTreeMap, BTreeSet};

type Id = u32;
/// Pairs that were looked at, and whether they are encoded alike.
type Known = BTreeMap<(Id, Id), bool>;
type PortableVariant = Variant<PortableForm>;
type PortableField = Field<PortableForm>;

/// Names of our number types inside type names, and what the chain calls them.
const TYPE_NAMES: &[(&str, &str)] =
    &[("AlphaRao", "AlphaBalance"), ("Rao", "TaoBalance"), ("Packed", "Compact")];

/// Pairs of our and declared types, and the registry that is made of them.
pub(super) struct Unifier<'a> {
    ours: &'a PortableRegistry,
    declared: &'a PortableRegistry,
    /// All pairs, ours first.
    pairs: BTreeSet<(Id, Id)>,
    /// Our first counterpart of a declared type.
    counterparts: BTreeMap<Id, Id>,
    of_declared: BTreeMap<Id, Id>,
    of_ours: BTreeMap<Id, Id>,
    types: Vec<Option<Type<PortableForm>>>,
}

impl<'a> Unifier<'a> {
    pub(super) fn new(ours: &'a PortableRegistry, declared: &'a PortableRegistry) -> Self {
        Self {
            ours,
            declared,
            pairs: BTreeSet::new(),
            counterparts: BTreeMap::new(),
            of_declared: BTreeMap::new(),
            of_ours: BTreeMap::new(),
            types: Vec::new(),
        }
    }

    /// Pairs a type of ours and a declared one that stand for the same thing, with all types inside.
    pub(super) fn pair(&mut self, ours: Id, declared: Id) {
        if self.pairs.contains(&(ours, declared)) || !self.alike(ours, declared, &mut BTreeMap::new()) {
            return;
        }
        self.pairs.insert((ours, declared));
        self.counterparts.entry(declared).or_insert(ours);
        let (Some(a), Some(b)) = (self.ours.resolve(ours), self.declared.resolve(declared)) else { return };
        match (&a.type_def, &b.type_def) {
            (TypeDef::Variant(a), TypeDef::Variant(b)) => {
                for (a, b) in a.variants.iter().filter_map(|one| Some((one, same_variant(one, &b.variants)?)))
                {
                    self.pair_all(&types_of(&a.fields), &types_of(&b.fields));
                }
            }
            (TypeDef::Sequence(a), TypeDef::Sequence(b)) => self.pair(a.type_param.id, b.type_param.id),
            (TypeDef::Array(a), TypeDef::Array(b)) => self.pair(a.type_param.id, b.type_param.id),
            (TypeDef::Compact(a), TypeDef::Compact(b)) => self.pair(a.type_param.id, b.type_param.id),
            (a, b) => match (members(a), members(b)) {
                (Some(a), Some(b)) if a.len() == b.len() => self.pair_all(&a, &b),
                (_, Some(b)) if b.len() == 1 => b.iter().for_each(|inner| self.pair(ours, *inner)),
                (Some(a), _) if a.len() == 1 => a.iter().for_each(|inner| self.pair(*inner, declared)),
                _ => {}
            },
        }
    }

    fn pair_all(&mut self, ours: &[Id], declared: &[Id]) {
        for (ours, declared) in ours.iter().zip(declared) {
            self.pair(*ours, *declared);
        }
    }

    /// True if values of both are encoded alike. Of a pallet's or the runtime's enum one variant in common is enough.
    /// A type that holds itself is taken to be alike while it is looked at.
    fn alike(&self, ours: Id, declared: Id, known: &mut Known) -> bool {
        if let Some(known) = known.get(&(ours, declared)) {
            return *known;
        }
        known.insert((ours, declared), true);
        let alike = self.encoded_alike(ours, declared, known);
        known.insert((ours, declared), alike);
        alike
    }

    fn encoded_alike(&self, ours: Id, declared: Id, known: &mut Known) -> bool {
        let (Some(a), Some(b)) = (bare(self.ours, ours), bare(self.declared, declared)) else { return false };
        match (&a.type_def, &b.type_def) {
            (TypeDef::Primitive(a), TypeDef::Primitive(b)) => a == b,
            (TypeDef::Sequence(a), TypeDef::Sequence(b)) => {
                self.alike(a.type_param.id, b.type_param.id, known)
            }
            (TypeDef::Compact(a), TypeDef::Compact(b)) => self.alike(a.type_param.id, b.type_param.id, known),
            (TypeDef::Array(a), TypeDef::Array(b)) => {
                a.len == b.len && self.alike(a.type_param.id, b.type_param.id, known)
            }
            (TypeDef::Variant(ours), TypeDef::Variant(declared)) => {
                let mut same = ours.variants.iter().map(|one| {
                    same_variant(one, &declared.variants).is_some_and(|other| {
                        self.all_alike(&types_of(&one.fields), &types_of(&other.fields), known)
                    })
                });
                let standard = b.path.segments.len() == 1;
                if standard {
                    same.all(|same| same)
                } else {
                    ours.variants.is_empty() || same.any(|same| same)
                }
            }
            (a, b) => match (members(a), members(b)) {
                (Some(a), Some(b)) => self.all_alike(&a, &b, known),
                _ => false,
            },
        }
    }

    fn all_alike(&self, ours: &[Id], declared: &[Id], known: &mut Known) -> bool {
        ours.len() == declared.len()
            && ours.iter().zip(declared).all(|(ours, declared)| self.alike(*ours, *declared, known))
    }

    /// The new id of a type at a place for which a type is declared.
    pub(super) fn id_at(&mut self, ours: Id, declared: Option<Id>) -> Id {
        match declared {
            Some(declared) if self.pairs.contains(&(ours, declared)) => self.id_of_declared(declared),
            _ => self.id_of_ours(ours),
        }
    }

    /// The new id of a type of ours at a place that is ours alone: that of its counterpart of the same form, if any.
    pub(super) fn id_of_ours(&mut self, ours: Id) -> Id {
        if let Some(id) = self.of_ours.get(&ours) {
            return *id;
        }
        if let Some(declared) = self.counterpart(ours) {
            let id = self.id_of_declared(declared);
            self.of_ours.insert(ours, id);
            return id;
        }
        let id = self.reserve();
        self.of_ours.insert(ours, id);
        let Some(ty) = self.ours.resolve(ours) else { return id };
        let type_params = self.parameters(ty, Self::id_of_ours);
        let type_def = self.definition(&ty.type_def, Self::id_of_ours);
        self.fill(id, Type { path: ty.path.clone(), type_params, type_def, docs: ty.docs.clone() });
        id
    }

    fn counterpart(&self, ours: Id) -> Option<Id> {
        let mut candidates =
            self.pairs.range((ours, Id::MIN)..=(ours, Id::MAX)).map(|(_, declared)| *declared);
        candidates.find(|declared| self.same_form(ours, *declared))
    }

    /// True if a client shows values of both alike: neither is a newtype around the other, nor is anything inside a
    /// list, a tuple or an option.
    fn same_form(&self, ours: Id, declared: Id) -> bool {
        let (Some(a), Some(b)) = (self.ours.resolve(ours), self.declared.resolve(declared)) else {
            return false;
        };
        let inside = match (&a.type_def, &b.type_def) {
            (TypeDef::Sequence(a), TypeDef::Sequence(b)) => vec![(a.type_param.id, b.type_param.id)],
            (TypeDef::Array(a), TypeDef::Array(b)) => vec![(a.type_param.id, b.type_param.id)],
            (TypeDef::Compact(a), TypeDef::Compact(b)) => vec![(a.type_param.id, b.type_param.id)],
            (TypeDef::Tuple(a), TypeDef::Tuple(b)) => {
                a.fields.iter().zip(&b.fields).map(|(a, b)| (a.id, b.id)).collect()
            }
            (TypeDef::Variant(x), TypeDef::Variant(y)) if b.path.segments.len() == 1 => {
                let fields = |all: &TypeDefVariant<PortableForm>| {
                    all.variants.iter().flat_map(|one| types_of(&one.fields)).collect::<Vec<_>>()
                };
                fields(x).into_iter().zip(fields(y)).collect()
            }
            (a, b) => return std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        inside.into_iter().all(|(ours, declared)| self.same_form(ours, declared))
    }

    fn id_of_declared(&mut self, declared: Id) -> Id {
        if let Some(id) = self.of_declared.get(&declared) {
            return *id;
        }
        let id = self.reserve();
        self.of_declared.insert(declared, id);
        self.define(declared, id);
        id
    }

    /// Gives the types that were given an id so far new ones: the declared types in their declared order, then, as
    /// they are asked for again, those that are ours alone.
    pub(super) fn number(&mut self) {
        let reached: Vec<Id> = self.of_declared.keys().copied().collect();
        self.types = vec![None; reached.len()];
        self.of_declared = reached.iter().copied().zip(0..).collect();
        self.of_ours = BTreeMap::new();
        for (id, declared) in (0..).zip(reached) {
            self.define(declared, id);
        }
    }

    fn define(&mut self, declared: Id, id: Id) {
        let Some(ty) = self.declared.resolve(declared) else { return };
        let ours = self.counterparts.get(&declared).and_then(|ours| self.ours.resolve(*ours));
        let type_params = self.parameters(ty, Self::id_of_declared);
        let type_def = match (&ty.type_def, ours.map(|ours| &ours.type_def)) {
            (TypeDef::Variant(declared), Some(TypeDef::Variant(ours))) => TypeDef::Variant(TypeDefVariant {
                variants: self.variants(&declared.variants, &ours.variants),
            }),
            (other, _) => self.definition(other, Self::id_of_declared),
        };
        let docs = ours.map(|ours| ours.docs.clone()).unwrap_or_default();
        self.fill(id, Type { path: ty.path.clone(), type_params, type_def, docs });
    }

    /// The variants that we have: first the declared ones in their order, then those that are ours alone.
    fn variants(&mut self, declared: &[PortableVariant], ours: &[PortableVariant]) -> Vec<PortableVariant> {
        let mut all = Vec::with_capacity(ours.len());
        for variant in declared {
            let Some(our) = ours.iter().find(|our| is_same(our, variant)) else { continue };
            let same_count = our.fields.len() == variant.fields.len();
            let fields = if same_count {
                let both = our.fields.iter().zip(&variant.fields);
                both.map(|(our, field)| self.field_at(our, field)).collect()
            } else {
                self.fields(&our.fields, Self::id_of_ours)
            };
            all.push(Variant {
                name: variant.name.clone(),
                fields,
                index: variant.index,
                docs: our.docs.clone(),
            });
        }
        for our in ours.iter().filter(|our| same_variant(our, declared).is_none()) {
            let fields = self.fields(&our.fields, Self::id_of_ours);
            all.push(Variant { name: our.name.clone(), fields, index: our.index, docs: our.docs.clone() });
        }
        all
    }

    fn field_at(&mut self, ours: &PortableField, declared: &PortableField) -> PortableField {
        if !self.pairs.contains(&(ours.ty.id, declared.ty.id)) {
            return self.field(ours, Self::id_of_ours);
        }
        let ty = self.id_of_declared(declared.ty.id).into();
        Field { name: declared.name.clone(), ty, type_name: declared.type_name.clone(), docs: Vec::new() }
    }

    fn field(&mut self, field: &PortableField, id_of: fn(&mut Self, Id) -> Id) -> PortableField {
        let ty = id_of(self, field.ty.id).into();
        Field {
            name: field.name.clone(),
            ty,
            type_name: field.type_name.as_deref().map(chain_type_name),
            docs: Vec::new(),
        }
    }

    fn fields(&mut self, fields: &[PortableField], id_of: fn(&mut Self, Id) -> Id) -> Vec<PortableField> {
        fields.iter().map(|field| self.field(field, id_of)).collect()
    }

    fn parameters(
        &mut self,
        ty: &Type<PortableForm>,
        id_of: fn(&mut Self, Id) -> Id,
    ) -> Vec<TypeParameter<PortableForm>> {
        let parameters = ty.type_params.iter();
        parameters
            .map(|parameter| TypeParameter {
                name: parameter.name.clone(),
                ty: parameter.ty.map(|ty| id_of(self, ty.id).into()),
            })
            .collect()
    }

    fn definition(
        &mut self,
        def: &TypeDef<PortableForm>,
        id_of: fn(&mut Self, Id) -> Id,
    ) -> TypeDef<PortableForm> {
        match def {
            TypeDef::Composite(inner) => {
                TypeDef::Composite(TypeDefComposite { fields: self.fields(&inner.fields, id_of) })
            }
            TypeDef::Variant(inner) => {
                let variants = inner.variants.iter().map(|variant| Variant {
                    name: variant.name.clone(),
                    fields: self.fields(&variant.fields, id_of),
                    index: variant.index,
                    docs: variant.docs.clone(),
                });
                TypeDef::Variant(TypeDefVariant { variants: variants.collect() })
            }
            TypeDef::Sequence(inner) => {
                TypeDef::Sequence(TypeDefSequence { type_param: id_of(self, inner.type_param.id).into() })
            }
            TypeDef::Array(inner) => TypeDef::Array(TypeDefArray {
                len: inner.len,
                type_param: id_of(self, inner.type_param.id).into(),
            }),
            TypeDef::Tuple(inner) => TypeDef::Tuple(TypeDefTuple {
                fields: inner.fields.iter().map(|field| id_of(self, field.id).into()).collect(),
            }),
            TypeDef::Primitive(inner) => TypeDef::Primitive(inner.clone()),
            TypeDef::Compact(inner) => {
                TypeDef::Compact(TypeDefCompact { type_param: id_of(self, inner.type_param.id).into() })
            }
            TypeDef::BitSequence(inner) => TypeDef::BitSequence(TypeDefBitSequence {
                bit_store_type: id_of(self, inner.bit_store_type.id).into(),
                bit_order_type: id_of(self, inner.bit_order_type.id).into(),
            }),
        }
    }

    /// Takes the next id; its type follows once the types inside have theirs.
    fn reserve(&mut self) -> Id {
        self.types.push(None);
        Id::try_from(self.types.len().saturating_sub(1)).unwrap_or(Id::MAX)
    }

    fn fill(&mut self, id: Id, ty: Type<PortableForm>) {
        if let Some(place) = usize::try_from(id).ok().and_then(|id| self.types.get_mut(id)) {
            *place = Some(ty);
        }
    }

    /// The registry of all types that were given an id.
    pub(super) fn finish(self) -> PortableRegistry {
        let types = (0..).zip(self.types).filter_map(|(id, ty)| Some(PortableType::new(id, ty?)));
        PortableRegistry { types: types.collect() }
    }
}

/// A type without newtypes around it.
fn bare(types: &PortableRegistry, id: Id) -> Option<&Type<PortableForm>> {
    let mut ty = types.resolve(id)?;
    while let Some(&[inner]) = members(&ty.type_def).as_deref() {
        ty = types.resolve(inner)?;
    }
    Some(ty)
}

/// The types of a struct's fields or of a tuple's members.
fn members(def: &TypeDef<PortableForm>) -> Option<Vec<Id>> {
    match def {
        TypeDef::Composite(inner) => Some(types_of(&inner.fields)),
        TypeDef::Tuple(inner) => Some(inner.fields.iter().map(|field| field.id).collect()),
        _ => None,
    }
}

fn types_of(fields: &[PortableField]) -> Vec<Id> {
    fields.iter().map(|field| field.ty.id).collect()
}

fn same_variant<'b>(ours: &PortableVariant, declared: &'b [PortableVariant]) -> Option<&'b PortableVariant> {
    declared.iter().find(|variant| is_same(ours, variant))
}

fn is_same(ours: &PortableVariant, declared: &PortableVariant) -> bool {
    ours.index == declared.index && (ours.name == declared.name || call_name(&ours.name) == declared.name)
}

/// A type name as the chain writes it.
fn chain_type_name(name: &str) -> String {
    TYPE_NAMES.iter().fold(name.to_owned(), |name, (ours, chain)| replace_word(&name, ours, chain))
}

/// Replaces a word that stands alone, not as a part of another.
fn replace_word(text: &str, word: &str, with: &str) -> String {
    let is_part =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let alone = !is_part(before.chars().next_back().or_else(|| out.chars().next_back()))
            && !is_part(after.chars().next());
        out.push_str(before);
        out.push_str(if alone { with } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}
