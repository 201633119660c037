//! `ligato.generic.ManagerService`: configuration as a list of items of any model.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::Empty;
use model::proto::ligato::generic::{
    ConfigItem, Data, DumpStateRequest, DumpStateResponse, GetConfigRequest, GetConfigResponse,
    Item as WireItem, ItemStatus, SetConfigRequest, SetConfigResponse, StateItem, SubscribeRequest,
    SubscribeResponse, UpdateItem, UpdateResult, data, item::Id,
};
use model::value::Value;
use prost_types::Any;
use sched::{BaseStatus, Item as Known, Retry, Select, View};
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status};

use super::stubs::generic::manager_service_server::ManagerService;
use super::{Bad, any, apply, details, faults, nameless, reasons, refuse_duplicates, source_of};
use crate::intake::{Batch, Intake};
use crate::merge::Item;
use crate::store::Labels;

pub struct Manager(pub Intake);

#[tonic::async_trait]
impl ManagerService for Manager {
    type SubscribeStream = Empty<Result<SubscribeResponse, Status>>;

    async fn set_config(
        &self,
        request: Request<SetConfigRequest>,
    ) -> Result<Response<SetConfigResponse>, Status> {
        let source = source_of(request.metadata());
        let SetConfigRequest { updates, overwrite_all } = request.into_inner();
        let (batch, bad) = batch_of(updates, overwrite_all)?;
        bad.iter().for_each(|Bad { key, text }| tracing::error!("gRPC: {key}: {text}"));
        let outcome = apply(&self.0, source, batch, &bad).await?;
        // Clients read the number of the transaction from the first entry.
        let number = ItemStatus { status: "NONEXISTENT".into(), message: outcome.seq.to_string() };
        let number = UpdateResult { key: "seqnum".into(), status: Some(number), ..UpdateResult::default() };
        let of_keys = outcome.statuses.iter().map(|status| UpdateResult {
            key: status.value.key.to_string(),
            status: Some(item_status(status)),
            ..UpdateResult::default()
        });
        let keyless = bad.into_iter().filter(|bad| bad.key.is_empty()).map(|bad| UpdateResult {
            key: bad.key,
            status: Some(ItemStatus { status: "INVALID".into(), message: bad.text }),
            ..UpdateResult::default()
        });
        let results = std::iter::once(number).chain(of_keys).chain(keyless).collect();
        Ok(Response::new(SetConfigResponse { results }))
    }

    async fn get_config(
        &self,
        request: Request<GetConfigRequest>,
    ) -> Result<Response<GetConfigResponse>, Status> {
        let GetConfigRequest { ids, labels } = request.into_inner();
        if !ids.is_empty() && !labels.is_empty() {
            return Err(Status::invalid_argument("ids and labels exclude each other; send one of them"));
        }
        let select = selected(&ids);
        let scheduler = self.0.scheduler();
        let values = scheduler.values(View::Nb, select.clone()).await;
        let statuses = scheduler.statuses(select).await;
        let mut items = Vec::with_capacity(values.len());
        for known in &values {
            let own = self.0.labels(&known.key);
            if !labels.iter().all(|(name, value)| passes(own.as_deref(), name, value)) {
                continue;
            }
            let Some(item) = wire_item(known) else { continue };
            let status = statuses.binary_search_by(|status| status.value.key.cmp(&known.key));
            items.push(ConfigItem {
                item: Some(item),
                status: status.ok().map(|at| item_status(&statuses[at])),
                labels: own.map(|labels| BTreeMap::clone(&labels)).unwrap_or_default(),
            });
        }
        Ok(Response::new(GetConfigResponse { items }))
    }

    async fn dump_state(
        &self,
        _request: Request<DumpStateRequest>,
    ) -> Result<Response<DumpStateResponse>, Status> {
        let known = self.0.scheduler().values(View::Cached, Select::All).await;
        let item = |known| Some(StateItem { item: Some(wire_item(known)?), ..StateItem::default() });
        Ok(Response::new(DumpStateResponse { items: known.iter().filter_map(item).collect() }))
    }

    async fn subscribe(
        &self,
        _request: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        Err(Status::unimplemented("Not implemented yet"))
    }
}

/// Updates as a batch, and those of them that cannot be used.
///
/// # Errors
/// There are no others, or a key stands there twice.
pub fn batch_of(updates: Vec<UpdateItem>, overwrite_all: bool) -> Result<(Batch, Vec<Bad>), Status> {
    let asked = updates.len();
    let mut batch = Batch { retry: Some(Retry::default()), statuses: true, ..Batch::default() };
    let mut bad = Vec::new();
    for (index, update) in updates.into_iter().enumerate() {
        match take(update) {
            Ok((item, labels)) => {
                if let Some(labels) = labels {
                    batch.labels.insert(Arc::clone(&item.key), labels);
                }
                batch.items.push(item);
            }
            Err(Refused { key, reason }) => {
                let text = format!("updates[{index}]: {reason}");
                if !key.is_empty() {
                    batch.items.push(Item::refused(key.as_str(), text.as_str()));
                }
                bad.push(Bad { key, text });
            }
        }
    }
    if asked > 0 && bad.len() == asked {
        let (text, none) = (reasons(&bad), MetadataMap::new());
        return Err(details::status(Code::InvalidArgument, text, faults(&bad), none));
    }
    refuse_duplicates(&batch.items)?;
    // What has no key could be anything, so nothing is removed for its sake.
    let whole = bad.iter().all(|bad| !bad.key.is_empty());
    (batch.replace, batch.resync) = (overwrite_all && whole, overwrite_all);
    Ok((batch, bad))
}

struct Refused {
    /// The key that was meant; empty if nobody can tell.
    key: String,
    reason: String,
}

/// One update as an item with its labels.
fn take(update: UpdateItem) -> Result<(Item, Option<Arc<Labels>>), Refused> {
    let UpdateItem { item, labels } = update;
    let WireItem { id, data } = item.unwrap_or_default();
    let labels = (!labels.is_empty()).then(|| Arc::new(labels));
    let given = id.as_ref().and_then(|id| Some((model::by_name(&id.model)?, id)));
    let key = given.map(|(spec, id)| spec.key(&id.name)).unwrap_or_default();
    let key = if key.is_empty() || nameless(&key) { String::new() } else { key };
    match data.and_then(|data| data.union) {
        Some(data::Union::Any(any)) => match value_of(&any) {
            Ok(value) => Ok((Item::put(value), labels)),
            Err(reason) => Err(Refused { key, reason }),
        },
        None if !key.is_empty() => Ok((Item::delete(key), None)),
        None => {
            let reason = match id {
                None => {
                    "neither id nor data is set; an item to be removed needs an id, another needs data".into()
                }
                Some(id) if given.is_none() => {
                    format!("there is no model {:?}; KnownModels lists all", id.model)
                }
                Some(id) => format!("an item of the model {} needs a name to be removed", id.model),
            };
            Err(Refused { key, reason })
        }
    }
}

fn value_of(any: &Any) -> Result<Arc<dyn Value>, String> {
    let name = any.type_url.rsplit('/').next().unwrap_or_default();
    let spec = model::by_proto(name)
        .ok_or_else(|| format!("no model has the type {:?}; KnownModels lists all", any.type_url))?;
    let value = spec.decode(&any.value).map_err(|error| error.to_string())?;
    match value.key() {
        key if nameless(&key) => Err(format!("the fields that name a {name} are empty")),
        _ => Ok(value),
    }
}

fn selected(ids: &[Id]) -> Select {
    if ids.is_empty() {
        return Select::All;
    }
    let keys = ids.iter().filter_map(|id| Some(model::by_name(&id.model)?.key(&id.name).into()));
    Select::Keys(keys.collect())
}

/// Whether labels fit one condition: `name` must exist, and be `value` unless that is empty; `!name` must not.
fn passes(labels: Option<&Labels>, name: &str, value: &str) -> bool {
    let has = |name: &str| {
        let found = labels.and_then(|labels| labels.get(name));
        found.is_some_and(|found| value.is_empty() || found == value)
    };
    match name.strip_prefix('!') {
        Some(name) => !has(name),
        None => has(name),
    }
}

fn wire_item(known: &Known) -> Option<WireItem> {
    let (spec, name) = model::by_key(&known.key)?;
    Some(WireItem {
        id: Some(Id { model: spec.name(), name: name.to_owned() }),
        data: Some(Data { union: Some(data::Union::Any(any(&*known.value))) }),
    })
}

fn item_status(status: &BaseStatus) -> ItemStatus {
    let status = &status.value;
    let message = match (&status.error, status.details.is_empty()) {
        (Some(error), true) => error.clone(),
        _ => status.details.join(", "),
    };
    ItemStatus { status: status.state.name().to_owned(), message }
}
