//! Takes the tags in front of a line, gives where those stand that mean something, and where all of them end. Knows nothing of
//! what they mean.
//!
//! Twitch puts twenty tags before five words, and every line of every channel comes by here: one pass, 64 bytes at a time.

/// A tag that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Badges,
    Bits,
    Reward,
    DisplayName,
    Id,
    Login,
    MessageId,
    Mod,
    /// `msg-id`.
    Kind,
    Amount,
    CommunityGift,
    CumulativeMonths,
    Currency,
    Exponent,
    GiftCount,
    Months,
    Origin,
    SubPlan,
    Viewers,
    PaidAmount,
    PaidCanonicalAmount,
    PaidCurrency,
    PaidExponent,
    /// Whether the words of a Hype Chat are Twitch's own.
    PaidWordless,
    ParentBody,
    ParentName,
    ParentId,
    ParentLogin,
    RoomId,
    SourceId,
    SourceRoom,
    Subscriber,
    TargetMessage,
    TargetUser,
    SentAt,
    UserId,
}

const COUNT: usize = Tag::UserId as usize + 1;
/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Where the values stand, as first and last but one byte. Of several with one name, the last counts.
#[derive(Clone, Copy)]
pub(super) struct Places([(u16, u16); COUNT]);

impl Places {
    pub(super) const NONE: Self = Self([(0, 0); COUNT]);

    /// Finds them in a line that begins with `@`. Gives the place of the space behind the tags; `None` when there is none.
    pub(super) fn find(&mut self, line: &[u8]) -> Option<usize> {
        let (blocks, rest) = line.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let mut from = 1;
        for (nth, block) in blocks.iter().chain([&last]).enumerate() {
            let mut ends = ends(block);
            while ends != 0 {
                let end = nth * BLOCK + ends.trailing_zeros() as usize;
                self.note(line, from, end);
                if line[end] == b' ' {
                    return Some(end);
                }
                from = end + 1;
                ends &= ends - 1;
            }
        }
        None
    }

    /// The bytes of a value; none where it is missing or empty.
    pub(super) fn get(&self, tag: Tag) -> std::ops::Range<usize> {
        let (from, end) = self.0[tag as usize];
        from.into()..end.into()
    }

    fn note(&mut self, line: &[u8], from: usize, end: usize) {
        let Some((tag, name)) = line.get(from..end).and_then(known) else { return };
        // Tags may take 8 KiB.
        if let (Ok(value), Ok(end)) = (u16::try_from(from + name), u16::try_from(end)) {
            self.0[tag as usize] = (value, end);
        }
    }
}

/// Where tags end: a bit for each byte that is `;` or a space.
fn ends(block: &[u8; BLOCK]) -> u64 {
    block.as_chunks::<8>().0.iter().rev().fold(0, |ends, word| {
        let word = u64::from_le_bytes(*word);
        let marks = equal(word, b';') | equal(word, b' ');
        // The highest bits of eight bytes, side by side.
        let side_by_side = (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        (ends << 8) | side_by_side
    })
}

/// The first place of a byte.
pub(super) fn position(bytes: &[u8], byte: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let found = equal(u64::from_le_bytes(*word), byte);
        if found != 0 {
            return Some(nth * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|other| *other == byte).map(|at| words.len() * 8 + at)
}

/// The highest bit of every byte that is this one: <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord>, exact.
fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    let other = word ^ u64::from_ne_bytes([byte; 8]);
    !(((other & LOW) + LOW) | other | LOW)
}

/// Which tag this is, and the length of its name with the sign behind it. By the first letter: most tags are none of these.
fn known(tag: &[u8]) -> Option<(Tag, usize)> {
    macro_rules! one_of {
        ($($name:literal => $is:ident),+) => {{
            $(if tag.starts_with($name) { return Some((Tag::$is, $name.len())); })+
        }};
    }
    match tag.first()? {
        b'b' => one_of!(b"badges=" => Badges, b"bits=" => Bits),
        b'c' => one_of!(b"custom-reward-id=" => Reward),
        b'd' => one_of!(b"display-name=" => DisplayName),
        b'i' => one_of!(b"id=" => Id),
        b'l' => one_of!(b"login=" => Login),
        b'm' if tag.starts_with(b"msg-param-") => match tag.get(10)? {
            b'a' => one_of!(b"msg-param-amount=" => Amount),
            b'c' => one_of!(
                b"msg-param-cumulative-months=" => CumulativeMonths,
                b"msg-param-community-gift-id=" => CommunityGift,
                b"msg-param-currency=" => Currency
            ),
            b'e' => one_of!(b"msg-param-exponent=" => Exponent),
            b'm' => one_of!(b"msg-param-months=" => Months, b"msg-param-mass-gift-count=" => GiftCount),
            b'o' => one_of!(b"msg-param-origin-id=" => Origin),
            b's' => one_of!(b"msg-param-sub-plan=" => SubPlan),
            b'v' => one_of!(b"msg-param-viewerCount=" => Viewers),
            _ => {}
        },
        b'm' => one_of!(b"mod=" => Mod, b"msg-id=" => Kind, b"message-id=" => MessageId),
        b'p' => one_of!(
            b"pinned-chat-paid-amount=" => PaidAmount,
            b"pinned-chat-paid-canonical-amount=" => PaidCanonicalAmount,
            b"pinned-chat-paid-currency=" => PaidCurrency,
            b"pinned-chat-paid-exponent=" => PaidExponent,
            b"pinned-chat-paid-is-system-message=" => PaidWordless
        ),
        b'r' => one_of!(
            b"room-id=" => RoomId,
            b"reply-parent-msg-id=" => ParentId,
            b"reply-parent-user-login=" => ParentLogin,
            b"reply-parent-display-name=" => ParentName,
            b"reply-parent-msg-body=" => ParentBody
        ),
        b's' => one_of!(b"subscriber=" => Subscriber, b"source-room-id=" => SourceRoom, b"source-id=" => SourceId),
        b't' => {
            one_of!(b"tmi-sent-ts=" => SentAt, b"target-msg-id=" => TargetMessage, b"target-user-id=" => TargetUser);
        }
        b'u' => one_of!(b"user-id=" => UserId),
        _ => {}
    }
    None
}
