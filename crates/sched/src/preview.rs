//! What a transaction would do, for whoever wants to read it first.

use crate::status::Operation;
use model::value::Value;
use std::sync::Arc;

/// The plan of a transaction that nobody executes.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// What would be done, in an order in which it can be done. Empty: nothing.
    pub steps: Vec<Step>,
    /// Keys of objects that are there before and after, but would be gone for a moment: whoever uses them loses traffic.
    pub interrupted: Vec<Arc<str>>,
    /// Keys that would wait, each with what for.
    pub waiting: Vec<(Arc<str>, Vec<String>)>,
    /// Keys whose new value cannot be used, each with the reason. What is in force stays so.
    pub refused: Vec<(Arc<str>, String)>,
}

/// One operation of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// What would be done.
    pub operation: Operation,
    /// To which key.
    pub key: Arc<str>,
    /// The key is a part of another.
    pub derived: bool,
    /// Half of a re-creation.
    pub recreate: bool,
    /// Why, in words.
    pub reason: String,
    /// What is there now.
    pub old: Option<Arc<dyn Value>>,
    /// What would be there then.
    pub new: Option<Arc<dyn Value>>,
}
