//! Random bytes from the operating system, for tokens, salts and ids.

/// Returns random bytes.
///
/// # Panics
/// If the operating system cannot provide randomness: no secret could be trusted.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
