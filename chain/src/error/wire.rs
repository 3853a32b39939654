//! The SCALE form of a failure.

use super::{ArithmeticError, DispatchError, TokenError};
use parity_scale_codec::{Decode, DecodeAll, Encode, EncodeLike, Error, Input, Output};
use scale_info::build::{Fields, Variants};
use scale_info::{Path, Type, TypeInfo};

/// The error of a pallet by numbers.
#[derive(Encode, Decode, TypeInfo)]
struct ModuleError {
    index: u8,
    error: [u8; 4],
}

impl ModuleError {
    fn of(index: u8, error: &impl Encode) -> Form {
        let mut padded = [0; 4];
        error.using_encoded(|bytes| {
            for (to, from) in padded.iter_mut().zip(bytes) {
                *to = *from;
            }
        });
        Form::Module(Self { index, error: padded })
    }
    fn read<T: Decode>(&self) -> Result<T, Error> {
        T::decode_all(&mut self.error.get(..1).unwrap_or_default())
    }
}

/// What is written.
#[derive(Encode, Decode)]
enum Form {
    #[codec(index = 0)]
    Other,
    #[codec(index = 2)]
    BadOrigin,
    #[codec(index = 3)]
    Module(ModuleError),
    #[codec(index = 4)]
    ConsumerRemaining,
    #[codec(index = 7)]
    Token(TokenError),
    #[codec(index = 8)]
    Arithmetic(ArithmeticError),
}

/// `System.NothingAuthorized`.
const NOTHING_AUTHORIZED: u8 = 7;
/// `System.CallFiltered`.
const CALL_FILTERED: u8 = 5;

impl From<&DispatchError> for Form {
    fn from(error: &DispatchError) -> Self {
        use DispatchError as E;
        match error {
            E::NotModelled(_) => Self::Other,
            E::BadOrigin => Self::BadOrigin,
            E::ConsumerRemaining => Self::ConsumerRemaining,
            E::Token(error) => Self::Token(*error),
            E::Arithmetic(error) => Self::Arithmetic(*error),
            E::CallFiltered => ModuleError::of(0, &CALL_FILTERED),
            E::SystemNothingAuthorized => ModuleError::of(0, &NOTHING_AUTHORIZED),
            E::Balances(error) => ModuleError::of(5, error),
            E::SubtensorModule(error) => ModuleError::of(7, error),
            E::UtilityTooManyCalls => ModuleError::of(11, &0_u8),
            E::SudoRequireSudo => ModuleError::of(12, &0_u8),
            E::Multisig(error) => ModuleError::of(13, error),
            E::Preimage(error) => ModuleError::of(14, error),
            E::Proxy(error) => ModuleError::of(16, error),
            E::SafeMode(error) => ModuleError::of(20, error),
            E::MevShield(error) => ModuleError::of(30, error),
            E::LimitOrders(error) => ModuleError::of(32, error),
            E::Commitments(error) => ModuleError::of(18, error),
            E::AdminUtils(error) => ModuleError::of(19, error),
            E::Drand(error) => ModuleError::of(26, error),
            E::Crowdloan(error) => ModuleError::of(27, error),
            E::Swap(error) => ModuleError::of(28, error),
        }
    }
}

impl Encode for DispatchError {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        Form::from(self).encode_to(dest);
    }
}
impl EncodeLike for DispatchError {}

impl Decode for DispatchError {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let module = match Form::decode(input)? {
            Form::Other => return Ok(Self::NotModelled("a call".to_owned())),
            Form::BadOrigin => return Ok(Self::BadOrigin),
            Form::ConsumerRemaining => return Ok(Self::ConsumerRemaining),
            Form::Token(error) => return Ok(Self::Token(error)),
            Form::Arithmetic(error) => return Ok(Self::Arithmetic(error)),
            Form::Module(module) => module,
        };
        Ok(match module.index {
            0 if module.error == [CALL_FILTERED, 0, 0, 0] => Self::CallFiltered,
            0 if module.error == [NOTHING_AUTHORIZED, 0, 0, 0] => Self::SystemNothingAuthorized,
            5 => Self::Balances(module.read()?),
            7 => Self::SubtensorModule(module.read()?),
            11 if module.error == [0; 4] => Self::UtilityTooManyCalls,
            12 if module.error == [0; 4] => Self::SudoRequireSudo,
            13 => Self::Multisig(module.read()?),
            14 => Self::Preimage(module.read()?),
            16 => Self::Proxy(module.read()?),
            20 => Self::SafeMode(module.read()?),
            30 => Self::MevShield(module.read()?),
            32 => Self::LimitOrders(module.read()?),
            18 => Self::Commitments(module.read()?),
            19 => Self::AdminUtils(module.read()?),
            26 => Self::Drand(module.read()?),
            27 => Self::Crowdloan(module.read()?),
            28 => Self::Swap(module.read()?),
            _ => return Err("no pallet with errors has this index".into()),
        })
    }
}

/// All kinds of the real chain, so that a client reads the same names whatever comes.
impl TypeInfo for DispatchError {
    type Identity = Self;
    fn type_info() -> Type {
        fn one<T: TypeInfo + 'static>()
        -> scale_info::build::FieldsBuilder<scale_info::form::MetaForm, scale_info::build::UnnamedFields>
        {
            Fields::unnamed().field(|f| f.ty::<T>())
        }
        let variants = Variants::new()
            .variant_unit("Other", 0)
            .variant_unit("CannotLookup", 1)
            .variant_unit("BadOrigin", 2)
            .variant("Module", |v| v.index(3).fields(one::<ModuleError>()))
            .variant_unit("ConsumerRemaining", 4)
            .variant_unit("NoProviders", 5)
            .variant_unit("TooManyConsumers", 6)
            .variant("Token", |v| v.index(7).fields(one::<TokenNames>()))
            .variant("Arithmetic", |v| v.index(8).fields(one::<ArithmeticNames>()))
            .variant("Transactional", |v| v.index(9).fields(one::<TransactionalError>()))
            .variant_unit("Exhausted", 10)
            .variant_unit("Corruption", 11)
            .variant_unit("Unavailable", 12)
            .variant_unit("RootNotAllowed", 13);
        Type::builder().path(Path::new("DispatchError", "sp_runtime")).variant(variants)
    }
}

macro_rules! names {
    ($($ty:ident $name:literal: $($variant:literal)*;)*) => {
        $(
            struct $ty;
            impl TypeInfo for $ty {
                type Identity = Self;
                fn type_info() -> Type {
                    let variants = Variants::new();
                    let names = [$($variant),*];
                    let variants = (0..).zip(names).fold(variants, |all, (index, name)| all.variant_unit(name, index));
                    Type::builder().path(Path::new($name, "sp_runtime")).variant(variants)
                }
            }
        )*
    };
}
names! {
    TokenNames "TokenError": "FundsUnavailable" "OnlyProvider" "BelowMinimum" "CannotCreate" "UnknownAsset" "Frozen"
        "Unsupported" "CannotCreateHold" "NotExpendable" "Blocked";
    ArithmeticNames "ArithmeticError": "Underflow" "Overflow" "DivisionByZero";
    TransactionalError "TransactionalError": "LimitReached" "NoLayer";
}
