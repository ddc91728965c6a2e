//! Stands in for the crate of this name.
//!
//! That crate lets a value be sent to other threads and checks at each use that
//! it is on its own, which takes the standard library's threads and their
//! allocator: two kilobytes after brotli, for a page that has one thread. Where
//! there can be a second, this does not compile.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

#[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
compile_error!("this stands in for send_wrapper only where there is one thread; the widget is built for wasm32-unknown-unknown");

/// A value that stays on its thread, the only one there is.
#[derive(Clone, Debug)]
pub struct SendWrapper<T>(T);

// SAFETY: without atomics there is one thread: nothing can be sent or shared.
unsafe impl<T> Send for SendWrapper<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for SendWrapper<T> {}

impl<T> SendWrapper<T> {
    /// Wraps a value.
    pub fn new(it: T) -> Self {
        Self(it)
    }

    /// Whether it may be used here: always.
    pub fn valid(&self) -> bool {
        true
    }

    /// The value.
    pub fn take(self) -> T {
        self.0
    }
}

impl<T> Deref for SendWrapper<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for SendWrapper<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<F: Future> Future for SendWrapper<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is a field of what is pinned, and never moved out of it by this.
        unsafe { self.map_unchecked_mut(|it| &mut it.0) }.poll(context)
    }
}

#[cfg(feature = "futures")]
impl<S: futures_core::Stream> futures_core::Stream for SendWrapper<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        // SAFETY: as for futures.
        unsafe { self.map_unchecked_mut(|it| &mut it.0) }.poll_next(context)
    }
}
