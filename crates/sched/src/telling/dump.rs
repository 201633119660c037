//! How objects are listed for people, such as at the paths `/dump/…` of the reference's REST: each feature says which path it
//! serves and how an element looks.

use super::view::{Item, Select};
use crate::Scheduler;
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
    /// The only element; `null` if there is none.
    One,
}

impl Dump {
    /// What is there now, in this shape.
    ///
    /// # Errors
    /// A sentence that says why the southbound could not be asked.
    pub async fn take(&self, scheduler: &Scheduler) -> Result<Value, String> {
        let items = scheduler.retrieve(Select::Descriptor(self.descriptor.to_owned())).await;
        items.map(|items| self.render(&items)).map_err(|error| error.to_string())
    }
    fn render(&self, items: &[Item]) -> Value {
        let mut elements = items.iter().filter_map(self.element);
        match self.shape {
            Shape::One => elements.next().map_or(Value::Null, |(_, element)| element),
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
pub fn shown(item: &Item) -> Value {
    model::go_json::go_json(&item.value.wire())
}
