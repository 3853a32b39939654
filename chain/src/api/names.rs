//! Names of subnets whose owner gave none.

use crate::state::Subnet;
use crate::units::NetUid;

/// The reference chain's names by netuid, as far as its limit of 128 subnets reaches; `unknown` beyond, as there.
const NAMES: &str = "\
    root,apex,omron,templar,targon,kaito,infinite,subvortex,ptn,pretrain,sturdy,dippy,horde,dataverse,\
    palaidn,deval,bitads,3gen,cortex,inference,bitagent,any-any,meta,social,omega,protein,alchemy,compute,\
    oracle,coldint,bet,naschain,itsai,ready,mind,logic,automata,tuning,distributed,edge,chunk,sportsensor,\
    masa,graphite,score,gen42,neural,condense,nextplace,automl,audio,celium,dojo,frontier,safescan,unknown,\
    gradients,gaia,dippy-speach,agent-arena,unknown,red team,agentao,lean-in,chutes,sad,dad,ta,dha,ain,\
    ghayn,fa,qaf,kaf,lam,mim,nun,ha,waw,ya,alef,fehu,uruz,thurisaz,ansuz,raidho,kaunan,cyr_yeru,algiz,\
    berkanan,ogham,beith,luis,fearn,sail,nion,forfeda,ani,bani,gani,doni,eni,vini,ayp,ben,gim,da,ech,za,\
    armeni,grave,io,dje,gje,ie,dze,hard_sign,alfa,alfas,vida,vida_small,gamma,gamma_small,brahmi_a,\
    brahmi_aa,brahmi_i,brahmi_ii,brahmi_u,la";

/// The name that its owner gave a subnet, or else the chain's own.
pub(super) fn name(netuid: NetUid, subnet: &Subnet) -> Vec<u8> {
    let given = subnet.identity.as_ref().map(|identity| identity.subnet_name.clone());
    given.filter(|name| !name.is_empty()).unwrap_or_else(|| {
        NAMES.split(',').nth(netuid.number().into()).unwrap_or("unknown").as_bytes().to_vec()
    })
}
