//! A key as four words, which two people can compare on the phone.

use sha2::{Digest as _, Sha256};
use watchtogether_protocol::Pin;

/// The number of hash rounds. Each step of a search for another key with the same four words costs this many hashes: 32 bits of
/// words and 14 bits of work are 46 bits, too many for the length of a call, and 16,384 hashes take about ten milliseconds.
const ROUNDS: u32 = 1 << 14;

/// Returns the four words for a server's key, the same on every machine: `amber-fox-lotus-yacht`.
///
/// Two people who read the same words to each other are connected to the same server.
pub fn four_words(pin: Pin) -> String {
    let mut hash = Sha256::digest(pin.as_bytes());
    for _ in 1..ROUNDS {
        hash = Sha256::digest(hash);
    }
    let words: Vec<&str> = hash
        .iter()
        .take(4)
        .map(|byte| WORDS[usize::from(*byte)])
        .collect();
    words.join("-")
}

/// One word per byte: short words that differ in at least two letters from each other. They must never change, because both ends
/// must use the same.
const WORDS: [&str; 256] = [
    "acorn", "actor", "agent", "alarm", "album", "amber", "angle", "anvil", "apple", "apron", "arena",
    "armor", "arrow", "atlas", "attic", "award", "bacon", "badge", "baker", "bamboo", "banjo", "barn",
    "basil", "basket", "beach", "beard", "beaver", "belt", "berry", "bird", "bishop", "blanket", "blossom",
    "boat", "bonus", "border", "bottle", "brick", "bridge", "broom", "bubble", "bucket", "bull", "butter",
    "cabin", "cactus", "camel", "canal", "candle", "canyon", "captain", "carbon", "carpet", "castle",
    "cedar", "cello", "chain", "cherry", "chess", "chimney", "cinema", "circus", "citrus", "cliff", "clock",
    "cloud", "clover", "cobra", "cocoa", "coffee", "comet", "copper", "coral", "cotton", "cousin", "cradle",
    "crater", "cricket", "crown", "crystal", "cube", "curtain", "cycle", "daisy", "dancer", "deer", "delta",
    "desert", "diamond", "dinner", "doctor", "dolphin", "domino", "door", "dragon", "drum", "duck", "eagle",
    "earth", "echo", "elbow", "elm", "emerald", "engine", "envoy", "fabric", "falcon", "farmer", "feather",
    "fence", "fiddle", "finger", "flame", "flute", "forest", "fossil", "fox", "frost", "fudge", "galaxy",
    "garden", "garlic", "gecko", "ghost", "giant", "glacier", "glove", "gold", "goose", "gravel", "gravy",
    "guitar", "hammer", "harbor", "hazel", "hedge", "helmet", "heron", "hill", "hobby", "honey", "hotel",
    "hunter", "ice", "igloo", "iris", "island", "ivory", "jacket", "jaguar", "jazz", "jelly", "jewel",
    "jungle", "kayak", "kettle", "king", "kite", "kiwi", "koala", "ladder", "lagoon", "lamp", "laser",
    "lemon", "lily", "lion", "lizard", "llama", "lobster", "lodge", "lotus", "lumber", "lunch", "magnet",
    "mango", "maple", "marble", "meadow", "melon", "meteor", "mint", "mirror", "monkey", "moon", "moth",
    "mural", "museum", "nectar", "needle", "nest", "nickel", "ninja", "north", "nugget", "oak", "oasis",
    "ocean", "olive", "onion", "opera", "orbit", "orchid", "otter", "owl", "oyster", "paddle", "palace",
    "panda", "paper", "parrot", "peanut", "pebble", "pencil", "pepper", "piano", "pigeon", "pillow", "pilot",
    "pirate", "planet", "plum", "poet", "pollen", "pony", "potato", "prairie", "prism", "pumpkin", "puzzle",
    "quartz", "queen", "rabbit", "radio", "raven", "ribbon", "river", "robot", "rocket", "rose", "ruby",
    "sailor", "salmon", "satin", "scarf", "school", "scout", "shadow", "shark", "spoon", "tiger", "velvet",
    "walnut", "window", "yacht", "zebra",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_always_has_the_same_words() {
        assert_eq!(four_words(Pin::from_bytes([0; 16])), "magnet-album-drum-puzzle");
        assert_ne!(
            four_words(Pin::from_bytes([1; 16])),
            four_words(Pin::from_bytes([0; 16]))
        );
    }

    #[test]
    fn no_two_words_are_one_letter_apart() {
        let differ = |a: &str, b: &str| {
            a.len().abs_diff(b.len()) > 1
                || a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() + a.len().abs_diff(b.len()) > 1
        };
        for (index, word) in WORDS.iter().enumerate() {
            assert!((3..=7).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase()));
            for other in &WORDS[index + 1..] {
                assert!(word < other && differ(word, other), "{word} {other}");
            }
        }
    }
}
