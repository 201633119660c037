//! The scheduler's one task, and what it does: one thing after the other.

pub mod ask;
pub mod commit;
pub mod compare;
pub mod core;
pub mod drift;
pub mod execute;
pub mod made;
pub mod notice;
pub mod retry;
pub mod task;
pub mod verify;
