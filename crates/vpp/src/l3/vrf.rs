//! VRF table: a routing table of its own, for one IP version.
//! Config `ligato.vpp.l3.VrfTable` · VPP `ip.api`
//!
//! VPP does not tell how a table hashes flows, so that is taken to be as wanted when a table is found. Table 0 always
//! exists. A table carries no trace of who made it: the agent's own record decides whose it is.

use crate::prelude::*;
use binapi::ip::{IpTableAddDel, IpTableDump, SetIpFlowHashV2};
use model::proto::ligato::vpp::l3::VrfTable;
use model::proto::ligato::vpp::l3::vrf_table::{FlowHashSettings, Protocol};
use types::{AddressFamily, IpFlowHashConfig, IpTable};

/// The number of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableId(pub u32);

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    table: IpTable,
    flow_hash: Option<IpFlowHashConfig>,
}

/// See the module.
pub struct Vrfs(pub Vpp);

/// The name of a table as in its key.
pub fn name(id: u32, is_ip6: bool) -> String {
    format!("id/{id}/protocol/{}", if is_ip6 { "IPV6" } else { "IPV4" })
}

fn flow_hash(f: &FlowHashSettings) -> IpFlowHashConfig {
    let bits =
        [f.use_src_ip, f.use_dst_ip, f.use_src_port, f.use_dst_port, f.use_protocol, f.reverse, f.symmetric];
    // The bits stand in the order of VPP's `ip_flow_hash_config`, from 1.
    IpFlowHashConfig(bits.iter().enumerate().map(|(i, &bit)| u32::from(bit) << i).sum())
}

/// What VPP does without being told: addresses, ports and protocol.
const DEFAULT_FLOW_HASH: IpFlowHashConfig = IpFlowHashConfig(0x1f);

/// The name VPP gives to a table that was made without one. It prints the number as a signed one.
fn default_label(table: &IpTable) -> String {
    format!("{}-VRF:{}", if table.is_ip6 { "ipv6" } else { "ipv4" }, table.table_id.cast_signed())
}

/// Does the table have the name that is wanted? Table 0 keeps the one it has.
fn is_named(want: &IpTable, seen: &IpTable) -> bool {
    let unnamed = || want.name.as_str().is_empty() && seen.name.as_str() == default_label(seen);
    want.name == seen.name || unnamed() || want.table_id == 0
}

impl Vrfs {
    async fn set_flow_hash(&self, table: &IpTable, flow_hash_config: IpFlowHashConfig) -> Result<()> {
        let af = if table.is_ip6 { AddressFamily::IP6 } else { AddressFamily::IP4 };
        self.0.call(SetIpFlowHashV2 { table_id: table.table_id, af, flow_hash_config }).await.map(drop)
    }
}

impl Descriptor for Vrfs {
    const NAME: &'static str = "vpp-vrf-table";
    const USES: &'static [&'static str] = &[IpTableAddDel::ID, IpTableDump::ID];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = VrfTable;
    type Image = Image;
    type Handle = TableId;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &VrfTable) {}
    fn image(&self, v: &VrfTable) -> Result<Image, Invalid> {
        let is_ip6 = match Protocol::try_from(v.protocol) {
            Ok(protocol) => protocol == Protocol::Ipv6,
            Err(_) => return Err(Invalid::new("protocol", "is neither IPV4 nor IPV6")),
        };
        ensure(v.id != u32::MAX, "id", "4294967295 is not a table number VPP can use")?;
        let table = IpTable { table_id: v.id, is_ip6, name: fit("label", &v.label)? };
        Ok(Image { table, flow_hash: v.flow_hash_settings.as_ref().map(flow_hash) })
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        want.flow_hash == seen.flow_hash && is_named(&want.table, &seen.table)
    }
    fn change(&self, old: &Image, new: &Image, _: bool) -> Change {
        if is_named(&new.table, &old.table) { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, (): ()) -> Made<TableId> {
        let id = TableId(new.table.table_id);
        let made = (id.0 != 0).then(|| self.0.call(IpTableAddDel { is_add: true, table: new.table.clone() }));
        if let Some(made) = made {
            made.await?;
        }
        if let Some(hash) = new.flow_hash {
            self.set_flow_hash(&new.table, hash).await.map_err(|error| error.left(id))?;
        }
        Ok(id)
    }
    async fn update(&self, _: Image, new: Image, _: TableId, (): ()) -> Result<()> {
        self.set_flow_hash(&new.table, new.flow_hash.unwrap_or(DEFAULT_FLOW_HASH)).await
    }
    async fn delete(&self, old: Image, id: TableId, (): ()) -> Result<()> {
        match id.0 {
            0 if old.flow_hash.is_some() => self.set_flow_hash(&old.table, DEFAULT_FLOW_HASH).await,
            0 => Ok(()),
            _ => self.0.call(IpTableAddDel { is_add: false, table: old.table }).await.map(drop),
        }
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let tables = self.0.dump(IpTableDump {}).await?;
        let found = tables.into_iter().filter(|details| details.table.table_id != u32::MAX).map(|details| {
            let IpTable { table_id, is_ip6, .. } = details.table;
            let wanted = seen.desired::<VrfTable>(&name(table_id, is_ip6));
            let value = VrfTable {
                id: table_id,
                protocol: if is_ip6 { Protocol::Ipv6 } else { Protocol::Ipv4 }.into(),
                label: details.table.name.as_str().to_owned(),
                flow_hash_settings: wanted.and_then(|v| v.flow_hash_settings),
            };
            Found::new(value, TableId(table_id)).foreign_if(table_id == 0)
        });
        Ok(found.collect())
    }
    fn metadata(&self, value: &VrfTable, id: &TableId) -> serde_json::Value {
        json!({ "Index": id.0, "Protocol": value.protocol })
    }
}
