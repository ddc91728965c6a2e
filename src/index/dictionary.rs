//! A sorted dictionary: keys that share their beginnings with the one before,
//! each with a payload. Terms have their postings in it, phrases what they
//! stand for. Writer and reader, side by side.
//!
//! Three sections: per block where its keys and its payloads start (two
//! `u32`); the keys (bytes shared with the one before, bytes of its own, those
//! bytes, length of its payload); the payloads.

use std::ops::Range;

use super::bytes::{Cursor, put_varint, u32_at};

/// Keys a block; the first of each is written whole and found by bisection.
/// Fewer make the index larger, more make a look-up walk further.
const KEYS_PER_BLOCK: usize = 16;

/// The three sections of a dictionary with these keys, which ascend and have
/// at most 255 bytes.
pub fn write(items: impl Iterator<Item = (String, Vec<u8>)>) -> [Vec<u8>; 3] {
    let (mut blocks, mut keys, mut payloads) = (Vec::new(), Vec::new(), Vec::new());
    let mut last: Vec<u8> = Vec::new();
    for (i, (key, payload)) in items.enumerate() {
        let key = key.into_bytes();
        if i % KEYS_PER_BLOCK == 0 {
            blocks.extend_from_slice(&(keys.len() as u32).to_le_bytes());
            blocks.extend_from_slice(&(payloads.len() as u32).to_le_bytes());
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
    [blocks, keys, payloads]
}

/// A dictionary in its bytes.
#[derive(Clone, Copy)]
pub struct Dictionary<'a> {
    pub blocks: &'a [u8],
    pub keys: &'a [u8],
    pub payloads: &'a [u8],
}

impl<'a> Dictionary<'a> {
    /// Walks from the first key that is not before `from`.
    pub fn walk_from(self, from: &[u8]) -> Walk<'a> {
        // The first block whose first key is past `from`; the one before it may hold `from`.
        let (mut low, mut high) = (0, self.blocks.len() / 8);
        while low < high {
            let mid = usize::midpoint(low, high);
            if self.first_of(mid).unwrap_or_default() <= from {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        let mut walk = self.walk();
        if let Some(block) = low.checked_sub(1) {
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
    fn first_of(self, block: usize) -> Option<&'a [u8]> {
        let mut cursor = Cursor(self.keys.get(u32_at(self.blocks, 8 * block)? as usize + 1..)?);
        let len = cursor.u8()?;
        cursor.take(len as usize)
    }

    /// Walks from the first key.
    pub fn walk(self) -> Walk<'a> {
        Walk { dictionary: self, n: 0, at: 0, payload_at: 0, key: Vec::new(), payload: &[], is_ahead: false }
    }

    /// Walks all of it once: keys ascend and are UTF-8, blocks are where the
    /// table says, and every payload is as `is_sound` wants it: it gets the
    /// payload's place.
    pub fn check(self, mut is_sound: impl FnMut(Range<usize>) -> bool) -> Option<()> {
        let mut walk = self.walk();
        while walk.at < self.keys.len() {
            if walk.n.is_multiple_of(KEYS_PER_BLOCK) {
                let block = 8 * (walk.n / KEYS_PER_BLOCK);
                let at = (u32_at(self.blocks, block)? as usize, u32_at(self.blocks, block + 4)? as usize);
                // The first key of a block shares nothing, or bisection would read half of it.
                if (walk.at, walk.payload_at) != at || self.keys.get(walk.at) != Some(&0) {
                    return None;
                }
            }
            let next = walk.peek()?;
            // What both begin with is the same: the rest decides.
            let is_ascending = walk.n == 0 || walk.key.get(next.shared..)? < next.own;
            walk.take(next)?;
            std::str::from_utf8(&walk.key).ok()?;
            let payload = walk.payload_at - walk.payload.len()..walk.payload_at;
            if !is_ascending || !is_sound(payload) {
                return None;
            }
        }
        (self.blocks.len() == 8 * walk.n.div_ceil(KEYS_PER_BLOCK) && walk.payload_at == self.payloads.len())
            .then_some(())
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
        let start = |column| u32_at(self.dictionary.blocks, 8 * block + column);
        // Behind the end where there is no such block.
        self.at = start(0).map_or(usize::MAX, |it| it as usize);
        self.payload_at = start(4).unwrap_or_default() as usize;
        self.n = block * KEYS_PER_BLOCK;
    }

    fn advance(&mut self) -> Option<()> {
        self.take(self.peek()?)
    }

    /// The next key as it is written.
    fn peek(&self) -> Option<Key<'a>> {
        let mut cursor = Cursor(self.dictionary.keys.get(self.at..)?);
        let shared = cursor.u8()? as usize;
        let own = cursor.u8()? as usize;
        let own = cursor.take(own)?;
        let payload = cursor.size()?;
        Some(Key { shared, own, payload, end: self.dictionary.keys.len() - cursor.0.len() })
    }

    /// Goes on to the key that was peeked at.
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
