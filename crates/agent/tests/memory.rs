//! What a large buffer took is given back. A test alone in its process: others' memory would count as well.
#![cfg(target_env = "gnu")] // others are left as they are

#[test]
fn large_buffers_are_given_back_also_after_others_of_their_size() {
    // MiB of this process that are in memory.
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        kib.unwrap().parse::<usize>().unwrap() >> 10
    };
    agent::allocator::give_back_large_buffers();
    let before = resident();
    for _ in 0..2 {
        let large = std::hint::black_box(vec![1_u8; 24 << 20]);
        assert!(resident() >= before + 20);
        drop(large);
    }
    let after = resident();
    assert!(after < before + 10, "{before} MiB before, {after} MiB after");
}
