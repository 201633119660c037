//! The REST dumps of the reference, `/dump/vpp/v2/…`: each feature says which path it serves and how an element looks.

use crate::registry::DUMPS;
use sched::{Item, Scheduler, Select};
use serde_json::{Map, Value};

/// One path.
pub struct Dump {
    /// The path, such as `/dump/vpp/v2/bd`.
    pub path: &'static str,
    /// Whose objects it lists.
    pub descriptor: &'static str,
    /// What holds the elements.
    pub shape: Shape,
    /// Key (for [`Shape::Map`]) and element of an object; `None` leaves it out.
    pub element: fn(&Item) -> Option<(String, Value)>,
}

/// What holds the elements of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list; `null` if there is nothing, as the reference prints it.
    List,
    /// An object, its members in the order of their names, as the reference prints it.
    Map,
}

/// All paths.
pub fn paths() -> Vec<&'static str> {
    DUMPS.iter().flat_map(|dumps| dumps.iter().map(|dump| dump.path)).collect()
}

/// What VPP has now, in the shape of this path; `None` if there is no such path.
///
/// # Errors
/// A sentence that says why VPP could not be asked.
pub async fn dump(scheduler: &Scheduler, path: &str) -> Option<Result<Value, String>> {
    let dump = DUMPS.iter().flat_map(|dumps| dumps.iter()).find(|dump| dump.path == path)?;
    let items = scheduler.retrieve(Select::Descriptor(dump.descriptor.to_owned())).await;
    Some(items.map(|items| dump.render(&items)).map_err(|error| error.to_string()))
}

impl Dump {
    fn render(&self, items: &[Item]) -> Value {
        let elements = items.iter().filter_map(self.element);
        match self.shape {
            Shape::Map => {
                let mut elements: Vec<_> = elements.collect();
                elements.sort_by(|(a, _), (b, _)| a.cmp(b));
                Value::Object(elements.into_iter().collect::<Map<_, _>>())
            }
            Shape::List => {
                let list: Vec<Value> = elements.map(|(_, element)| element).collect();
                if list.is_empty() { Value::Null } else { Value::Array(list) }
            }
        }
    }
}

/// The value as the reference's REST shows messages.
pub(crate) fn shown(item: &Item) -> Value {
    model::go_json::go_json(&item.value.wire())
}
