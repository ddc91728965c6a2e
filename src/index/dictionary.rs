//! A sorted dictionary: keys that share their beginnings with the one before,
//! each with a payload. Terms have their postings in it, phrases what they
//! stand for. Writer and reader, side by side.
//!
//! Two sections: the keys (bytes shared with the one before, bytes of its own,
//! those bytes, length of its payload); the payloads. Where each block of keys
//! starts is found when all of them are checked: written down, it was a fiftieth
//! of what a page downloads to search a large knowledge base.

use std::ops::Range;

use super::bytes::{Cursor, put_varint};

/// Keys a block; the first of each is written whole and found by bisection.
/// Fewer make the index larger, more make a look-up walk further.
const KEYS_PER_BLOCK: usize = 16;

/// The two sections of a dictionary with these keys, which ascend and have
/// at most 255 bytes.
pub fn write(items: impl Iterator<Item = (String, Vec<u8>)>) -> [Vec<u8>; 2] {
    let (mut keys, mut payloads) = (Vec::new(), Vec::new());
    let mut last: Vec<u8> = Vec::new();
    for (i, (key, payload)) in items.enumerate() {
        let key = key.into_bytes();
        if i % KEYS_PER_BLOCK == 0 {
            last.clear();
        }
        let shared = last.iter().zip(&key).take_while(|(a, b)| a == b).count();
        keys.push(shared as u8);
        keys.push((key.len() - shared) as u8);
        keys.extend_from_slice(&key[shared..]);
        put_varint(&mut keys, payload.len() as u32);
        payloads.extend(payload);
        last = key;
    }
    [keys, payloads]
}

/// Where a block starts.
#[derive(Clone, Copy)]
pub struct Block {
    keys: u32,
    payloads: u32,
}

/// A dictionary in its bytes.
#[derive(Clone, Copy)]
pub struct Dictionary<'a> {
    /// As [`Dictionary::check`] found them.
    pub blocks: &'a [Block],
    pub keys: &'a [u8],
    pub payloads: &'a [u8],
}

impl<'a> Dictionary<'a> {
    /// Walks from the first key that is not before `from`.
    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    pub fn walk_from(self, from: &[u8]) -> Walk<'a> {
        // The last block whose first key is not past `from` may hold it.
        let past = self.blocks.partition_point(|it| self.first_of(*it).unwrap_or_default() <= from);
        let mut walk = self.walk();
        if let Some(block) = past.checked_sub(1) {
            walk.go_to(block);
        }
        while walk.advance().is_some() {
            if walk.key.as_slice() >= from {
                walk.is_ahead = true;
                break;
            }
        }
        walk
    }

    /// The position of a key, and its payload.
    pub fn get(self, key: &[u8]) -> Option<(usize, &'a [u8])> {
        let mut walk = self.walk_from(key);
        let payload = walk.next()?;
        (walk.key == key).then_some((walk.n - 1, payload))
    }

    /// The key at a position.
    pub fn nth(self, n: usize) -> Option<String> {
        let mut walk = self.walk();
        walk.go_to(n / KEYS_PER_BLOCK);
        for _ in 0..=n % KEYS_PER_BLOCK {
            walk.advance()?;
        }
        Some(walk.key().into())
    }

    /// The first key of a block, which is written whole.
    fn first_of(self, block: Block) -> Option<&'a [u8]> {
        let mut cursor = Cursor(self.keys.get(block.keys as usize + 1..)?);
        let len = cursor.u8()?;
        cursor.take(len as usize)
    }

    /// Walks from the first key.
    pub fn walk(self) -> Walk<'a> {
        Walk { dictionary: self, n: 0, at: 0, payload_at: 0, key: Vec::new(), payload: &[], is_ahead: false }
    }

    /// Walks all of it once: keys ascend and are UTF-8, the first of a block
    /// stands alone, and every payload is as `is_sound` wants it: it gets the key
    /// and the payload's place. Where the blocks start.
    pub fn check(self, mut is_sound: impl FnMut(&str, Range<usize>) -> bool) -> Option<Vec<Block>> {
        let mut walk = self.walk();
        let mut blocks = Vec::new();
        while walk.at < self.keys.len() {
            if walk.n.is_multiple_of(KEYS_PER_BLOCK) {
                // The first key of a block shares nothing, or bisection would read half of it.
                if self.keys.get(walk.at) != Some(&0) {
                    return None;
                }
                blocks.push(Block { keys: walk.at as u32, payloads: walk.payload_at as u32 });
            }
            let next = walk.peek()?;
            // What both begin with is the same: the rest decides.
            let is_ascending = walk.n == 0 || walk.key.get(next.shared..)? < next.own;
            walk.take(next)?;
            let key = std::str::from_utf8(&walk.key).ok()?;
            let payload = walk.payload_at - walk.payload.len()..walk.payload_at;
            if !is_ascending || !is_sound(key, payload) {
                return None;
            }
        }
        (walk.payload_at == self.payloads.len()).then_some(blocks)
    }
}

/// Walks the keys in byte order.
pub struct Walk<'a> {
    dictionary: Dictionary<'a>,
    /// Position of the next key, and where it and its payload stand.
    n: usize,
    at: usize,
    payload_at: usize,
    key: Vec<u8>,
    payload: &'a [u8],
    /// The present key was read while looking for it and not given out yet.
    is_ahead: bool,
}

/// A key as it is written.
#[derive(Clone, Copy)]
struct Key<'a> {
    /// Bytes that it shares with the one before.
    shared: usize,
    own: &'a [u8],
    /// Length of its payload.
    payload: usize,
    /// Where it ends.
    end: usize,
}

impl<'a> Walk<'a> {
    /// The payload of the next key, which [`Walk::key`] then is.
    pub fn next(&mut self) -> Option<&'a [u8]> {
        if std::mem::take(&mut self.is_ahead) {
            return Some(self.payload);
        }
        self.advance()?;
        Some(self.payload)
    }

    /// The present key.
    pub fn key(&self) -> &str {
        std::str::from_utf8(&self.key).unwrap_or_default()
    }

    /// Goes before the first key of a block.
    fn go_to(&mut self, block: usize) {
        // Behind the end where there is no such block.
        let start = self.dictionary.blocks.get(block);
        self.at = start.map_or(usize::MAX, |it| it.keys as usize);
        self.payload_at = start.map_or(0, |it| it.payloads as usize);
        self.n = block * KEYS_PER_BLOCK;
    }

    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn advance(&mut self) -> Option<()> {
        self.take(self.peek()?)
    }

    /// The next key as it is written.
    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn peek(&self) -> Option<Key<'a>> {
        let mut cursor = Cursor(self.dictionary.keys.get(self.at..)?);
        let shared = cursor.u8()? as usize;
        let own = cursor.u8()? as usize;
        let own = cursor.take(own)?;
        let payload = cursor.size()?;
        Some(Key { shared, own, payload, end: self.dictionary.keys.len() - cursor.0.len() })
    }

    /// Goes on to the key that was peeked at.
    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn take(&mut self, key: Key<'_>) -> Option<()> {
        let end = self.payload_at.checked_add(key.payload)?;
        self.payload = self.dictionary.payloads.get(self.payload_at..end)?;
        if key.shared > self.key.len() {
            return None;
        }
        self.key.truncate(key.shared);
        self.key.extend_from_slice(key.own);
        self.at = key.end;
        self.payload_at = end;
        self.n += 1;
        Some(())
    }
}
