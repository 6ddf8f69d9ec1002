//! The people and places that the scheduler has to do with, by small numbers.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use slab::Slab;

use super::{
    Account, Side,
    ticket::{By, Chain},
};

/// An account while it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AccountId(u32);

impl AccountId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
struct Known {
    account: Account,
    /// Calls that wait or run, as a person and as a place.
    calls: [Chain; 2],
    /// Calls of this person that wait, for each side.
    waiting: [u32; 2],
}

/// Accounts are hashes under a secret key already, and nobody outside can choose them: to scatter them takes little.
#[derive(Clone, Copy, Debug, Default)]
struct Scattered(u64);

impl Hasher for Scattered {
    fn write(&mut self, bytes: &[u8]) {
        // Odd, with ones all over.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        for word in bytes.as_chunks().0 {
            self.0 = (self.0.rotate_left(32) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD);
        }
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(32)
    }
}

/// Accounts by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    ids: HashMap<Account, AccountId, BuildHasherDefault<Scattered>>,
    known: Slab<Known>,
}

impl Accounts {
    pub fn find(&self, account: &Account) -> Option<AccountId> {
        self.ids.get(account).copied()
    }

    /// The account's number, a new one if it has none.
    pub fn know(&mut self, account: Account) -> AccountId {
        *self.ids.entry(account).or_insert_with(|| {
            let known = Known { account, calls: [Chain::default(); 2], waiting: [0; 2] };
            let index = self.known.insert(known);
            AccountId(u32::try_from(index).expect("the line and what is remembered are bounded far below"))
        })
    }

    /// Forgets an account without calls.
    pub fn forget(&mut self, id: AccountId) {
        if self.known.get(id.index()).is_some_and(|known| known.calls.iter().all(|chain| chain.is_empty())) {
            let known = self.known.remove(id.index());
            self.ids.remove(&known.account);
        }
    }

    pub fn calls(&self, id: AccountId, by: By) -> Chain {
        self.known.get(id.index()).map_or_else(Chain::default, |known| known.calls[by as usize])
    }

    pub fn calls_mut(&mut self, id: AccountId, by: By) -> &mut Chain {
        &mut self.known[id.index()].calls[by as usize]
    }

    pub fn waiting(&self, id: AccountId, side: Side) -> usize {
        self.known.get(id.index()).map_or(0, |known| known.waiting[side as usize] as usize)
    }

    pub fn waiting_mut(&mut self, id: AccountId, side: Side) -> &mut u32 {
        &mut self.known[id.index()].waiting[side as usize]
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.known.is_empty()
    }
}
