//! Random bytes from the operating system, for tokens, salts and ids.

/// Returns random bytes.
///
/// # Panics
/// Where the operating system has no randomness to give: nothing could be trusted then.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
