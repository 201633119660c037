//! Random cases, one per seed.
//!
//! `SEED=17` replays one case, `SEEDS=100000` runs more of them, `FIRST_SEED=5000` runs others.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind};
use std::sync::Once;

thread_local! {
    static HISTORY: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Tells what happens in this case, for whoever has to find out why it failed.
pub fn note(text: String) {
    HISTORY.with_borrow_mut(|history| history.push(text));
}

/// What happened so far in this case.
pub fn history() -> String {
    HISTORY.with_borrow(|history| history.join("\n"))
}

/// What happened so far is not worth telling.
pub fn forget() {
    HISTORY.with_borrow_mut(Vec::clear);
}

pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..4).for_each(|_| _ = rng.below(2));
        rng
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn pick(&mut self, from: u64, odds: u64) -> Vec<String> {
        (0..from).filter(|_| self.one_in(odds)).map(|i| format!("n{i}")).collect()
    }
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// Runs cases on a clock that does not wait. A failure is told with its seed and its history.
pub fn run<F: Future<Output = ()>>(count: u64, case: impl Fn(u64) -> F) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(quiet_hook(std::panic::take_hook()))));
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let range = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let first = number("FIRST_SEED").unwrap_or(1);
            first..first + number("SEEDS").unwrap_or(count)
        }
    };
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("main");
    let mut cases = 0;
    for seed in range {
        HISTORY.with_borrow_mut(Vec::clear);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| runtime.block_on(case(seed)))) {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("?");
            println!(
                "{}\n{text}\n{name} failed, replay with: SEED={seed} cargo test -p sched {name}",
                history()
            );
            resume_unwind(panic);
        }
        cases += 1;
    }
    println!("cases: {cases} of {name}");
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// Descriptors of these tests panic on purpose; nobody needs to read that.
fn quiet_hook(loud: Hook) -> impl Fn(&PanicHookInfo<'_>) + Sync + Send {
    move |info| {
        let text = info.payload().downcast_ref::<String>().map_or("", String::as_str);
        if !text.starts_with("cannot cope") {
            loud(info);
        }
    }
}
