//! Numbers that VPP gives out: the one that was given back last is given out first.

/// Numbers of one kind of thing.
#[derive(Debug)]
pub(crate) struct Numbers {
    next: u32,
    free: Vec<u32>,
}

impl Numbers {
    /// None is in use.
    pub(crate) const fn new() -> Self {
        Numbers { next: 0, free: Vec::new() }
    }

    /// One that is not in use.
    pub(crate) fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// It is not in use any more.
    pub(crate) fn give_back(&mut self, number: u32) {
        self.free.push(number);
    }
}
