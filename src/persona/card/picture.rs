//! A card in the text chunk of a PNG picture.

use std::io::Cursor;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{CardError, LARGEST};

/// The keys under which a card lies, the newest first.
const KEYS: [&str; 2] = ["ccv3", "chara"];

/// The side of the plain picture, in pixels.
const SIDE: u32 = 256;

pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// The JSON text in a picture.
pub(super) fn card_in(bytes: &[u8]) -> Result<Vec<u8>, CardError> {
    let mut reader = decoder(bytes).read_info().map_err(|error| unreadable(&error))?;
    // Text may lie behind the pixels.
    reader.finish().map_err(|error| unreadable(&error))?;
    let info = reader.info();
    let broken = |error: &dyn std::fmt::Display| CardError::Broken(error.to_string());
    for key in KEYS {
        let plain =
            info.uncompressed_latin1_text.iter().filter(|chunk| chunk.keyword == key).map(|c| Ok(c.text.clone()));
        let packed = info
            .compressed_latin1_text
            .iter()
            .filter(|chunk| chunk.keyword == key)
            .map(png::text_metadata::ZTXtChunk::get_text);
        let wide =
            info.utf8_text.iter().filter(|chunk| chunk.keyword == key).map(png::text_metadata::ITXtChunk::get_text);
        if let Some(text) = plain.chain(packed).chain(wide).next() {
            let text = text.map_err(|error| broken(&error))?;
            return BASE64_STANDARD.decode(text.trim()).map_err(|error| broken(&error));
        }
    }
    Err(CardError::NoCard)
}

/// A picture that holds the card. The pixels of `face` stay as they are.
pub(super) fn with_card(card: &str, face: Option<&[u8]>, colour: u32) -> Result<Vec<u8>, CardError> {
    let (info, pixels) = match face {
        Some(face) => pixels(face)?,
        None => plain(colour),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut bytes, info).map_err(|error| unwritable(&error))?;
    encoder.add_text_chunk(KEYS[0].to_owned(), BASE64_STANDARD.encode(card)).map_err(|error| unwritable(&error))?;
    let mut writer = encoder.write_header().map_err(|error| unwritable(&error))?;
    writer.write_image_data(&pixels).map_err(|error| unwritable(&error))?;
    writer.finish().map_err(|error| unwritable(&error))?;
    Ok(bytes)
}

fn decoder(bytes: &[u8]) -> png::Decoder<Cursor<&[u8]>> {
    png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 4 * LARGEST })
}

fn pixels(face: &[u8]) -> Result<(png::Info<'static>, Vec<u8>), CardError> {
    let mut decoder = decoder(face);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| unreadable(&error))?;
    let size = reader.output_buffer_size().filter(|size| *size <= 4 * LARGEST);
    let mut pixels = vec![0; size.ok_or_else(|| CardError::NotPicture("it is too large".to_owned()))?];
    let frame = reader.next_frame(&mut pixels).map_err(|error| unreadable(&error))?;
    pixels.truncate(frame.buffer_size());
    let mut info = png::Info::with_size(frame.width, frame.height);
    (info.color_type, info.bit_depth) = (frame.color_type, frame.bit_depth);
    Ok((info, pixels))
}

fn plain(colour: u32) -> (png::Info<'static>, Vec<u8>) {
    let mut info = png::Info::with_size(SIDE, SIDE);
    (info.color_type, info.bit_depth) = (png::ColorType::Rgb, png::BitDepth::Eight);
    let [_, red, green, blue] = colour.to_be_bytes();
    (info, [red, green, blue].repeat((SIDE * SIDE) as usize))
}

fn unreadable(error: &png::DecodingError) -> CardError {
    CardError::NotPicture(error.to_string())
}

fn unwritable(error: &png::EncodingError) -> CardError {
    CardError::NotPicture(error.to_string())
}
