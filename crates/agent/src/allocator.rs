//! The C library's allocator, set so that what a large transaction took is given back when it is through.

/// A buffer from so many bytes on is a mapping of its own.
#[cfg(target_env = "gnu")]
const MAPPED: libc::c_int = 128 << 10;

/// Gives large buffers back to the system when they are dropped.
///
/// glibc does so too as long as nothing is said. But it takes each such buffer for a sign that more of this size will come,
/// and from then on keeps those up to this size, and twice as much at the end of each arena: 46 MiB that nobody used after
/// a transaction of 100,000 routes. Other C libraries are left as they are.
#[allow(unsafe_code)]
pub fn give_back_large_buffers() {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: mallopt() takes two numbers and locks the allocator as malloc() does; there is no memory that it could
        // be told a wrong thing about. That it refuses a size changes nothing but how much is kept.
        let _ = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED) };
    }
}
