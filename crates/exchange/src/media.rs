//! Media of messages: what may be sent, and how much of it.
//!
//! Called by whoever has fetched a file, or was handed one, before it becomes part of a message. It
//! goes by the `Content-Type` as Twilio does, looks at the first bytes of what is in wide use, and
//! decodes nothing. Contract: webhooks.md 4.6 and 5.1; Twilio's "Accepted content types for media"
//! and the MediaUrl of its API's definition.

/// Bytes of one message's media together, by MMS.
pub const MMS_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Bytes of one file by MMS that is none of the pictures in [`PICTURES`].
pub const MMS_OTHER_BYTES_MAX: usize = 500 * 1024;
/// Bytes of one message's media together, by WhatsApp.
pub const WHATSAPP_BYTES_MAX: usize = 16 * 1024 * 1024;

/// More than the network takes.
const TOO_LARGE: u32 = 11_751;
/// Nothing that a message can carry.
const WRONG_TYPE: u32 = 12_300;
/// A file for WhatsApp could not be had.
const WHATSAPP_NOT_HAD: u32 = 63_019;

/// Pictures that every phone shows: a whole message's bytes may be one.
const PICTURES: &[&str] = &["image/jpeg", "image/jpg", "image/gif", "image/png"];

/// What else a message by MMS can carry.
#[rustfmt::skip]
const MMS_OTHERS: &[&str] = &[
    "image/bmp", "image/tiff", "image/heic", "image/heif",
    "audio/basic", "audio/l24", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/vorbis",
    "audio/vnd.rn-realaudio", "audio/vnd.wave", "audio/3gpp", "audio/3gpp2", "audio/ac3",
    "audio/webm", "audio/amr-nb", "audio/amr",
    "video/mpeg", "video/mpeg4", "video/mp4", "video/quicktime", "video/webm", "video/3gpp",
    "video/3gpp2", "video/3gpp-tt", "video/h261", "video/h263", "video/h263-1998",
    "video/h263-2000", "video/h264",
    "text/vcard", "text/x-vcard", "text/csv", "text/rtf", "text/richtext", "text/calendar",
    "text/directory",
    "application/pdf", "application/vcard", "application/vnd.apple.pkpass",
];

/// What a message by WhatsApp can carry.
#[rustfmt::skip]
const WHATSAPP: &[&str] = &[
    "image/jpeg", "image/jpg", "image/png", "image/webp",
    "audio/mpeg", "audio/ogg", "audio/amr", "audio/amr-nb", "audio/3gpp", "audio/aac", "audio/mp4",
    "video/mp4", "video/3gpp",
    "text/vcard", "text/x-vcard",
    "application/pdf", "application/vcard", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/// What files of these types begin with.
const BEGINNINGS: &[(&str, &[&[u8]])] = &[
    ("image/jpeg", &[b"\xff\xd8\xff"]),
    ("image/jpg", &[b"\xff\xd8\xff"]),
    ("image/gif", &[b"GIF87a", b"GIF89a"]),
    ("image/png", &[b"\x89PNG\r\n\x1a\n"]),
    ("image/bmp", &[b"BM"]),
    ("image/webp", &[b"RIFF"]),
    ("audio/ogg", &[b"OggS"]),
    ("application/pdf", &[b"%PDF-"]),
];

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carriage {
    /// From phone to phone.
    Mms,
    /// By WhatsApp.
    WhatsApp,
}

impl Carriage {
    /// How a message to or from `address` travels.
    pub fn of(address: &str) -> Carriage {
        match crate::numbers::is_whatsapp(address) {
            true => Carriage::WhatsApp,
            false => Carriage::Mms,
        }
    }

    /// Bytes of one message's media together.
    pub fn bytes_max(self) -> usize {
        match self {
            Carriage::Mms => MMS_BYTES_MAX,
            Carriage::WhatsApp => WHATSAPP_BYTES_MAX,
        }
    }

    /// Bytes of one file of a type.
    fn file_bytes_max(self, essence: &str) -> usize {
        match self {
            Carriage::Mms if !PICTURES.contains(&essence) => MMS_OTHER_BYTES_MAX,
            _ => self.bytes_max(),
        }
    }

    fn takes(self, essence: &str) -> bool {
        match self {
            Carriage::Mms => PICTURES.contains(&essence) || MMS_OTHERS.contains(&essence),
            Carriage::WhatsApp => WHATSAPP.contains(&essence),
        }
    }
}

/// Why a file can't be part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Twilio's code.
    pub code: u32,
    /// For people.
    pub message: String,
}

impl Unfit {
    /// It could not be fetched, for a reason that has a code.
    pub fn not_had(carriage: Carriage, code: u32, message: String) -> Unfit {
        match carriage {
            Carriage::Mms => Unfit { code, message },
            Carriage::WhatsApp => Unfit { code: WHATSAPP_NOT_HAD, message },
        }
    }

    /// It is, or all are, larger than `bytes_max`.
    pub fn too_large(bytes_max: usize) -> Unfit {
        let message = format!(
            "Media exceeds messaging provider size limit: at most {bytes_max} bytes are taken"
        );
        Unfit { code: TOO_LARGE, message }
    }

    fn wrong(message: String) -> Unfit {
        Unfit { code: WRONG_TYPE, message }
    }
}

/// The media type of a `Content-Type`, in lower case and without parameters.
pub fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The media type of a file, when a message that travels so can carry it.
///
/// # Errors
/// 12300 for a type that is missing, not taken, or not what the file is; 11751 for its size.
pub fn judge(
    carriage: Carriage,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<String, Unfit> {
    let Some(content_type) = content_type.filter(|text| !text.trim().is_empty()) else {
        return Err(Unfit::wrong("Invalid Content-Type: the file comes without one".into()));
    };
    let essence = essence(content_type);
    if !carriage.takes(&essence) {
        let why = format!("Invalid Content-Type: a message can't carry {content_type}");
        return Err(Unfit::wrong(why));
    }
    if bytes.len() > carriage.file_bytes_max(&essence) {
        return Err(Unfit::too_large(carriage.file_bytes_max(&essence)));
    }
    let known = BEGINNINGS.iter().find(|(name, _)| *name == essence);
    if known.is_some_and(|(_, all)| !all.iter().any(|beginning| bytes.starts_with(beginning))) {
        let why = format!("Invalid Content-Type: the file is called {essence} and is none");
        return Err(Unfit::wrong(why));
    }
    Ok(essence)
}

/// Judges the size of all files of a message together.
///
/// # Errors
/// 11751.
pub fn judge_all(carriage: Carriage, sizes: impl Iterator<Item = usize>) -> Result<(), Unfit> {
    let all = sizes.fold(0, usize::saturating_add);
    if all > carriage.bytes_max() { Err(Unfit::too_large(carriage.bytes_max())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Carriage::{Mms, WhatsApp};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    #[test]
    fn a_file_is_taken_by_its_type_and_its_first_bytes() {
        for (carriage, content_type, bytes, found) in [
            (Mms, Some("image/png"), PNG, Ok("image/png")),
            (Mms, Some("Image/PNG; charset=binary"), PNG, Ok("image/png")),
            (Mms, Some("image/gif"), PNG, Err(12_300)),
            (Mms, Some("image/png"), b"<html>", Err(12_300)),
            (Mms, Some("image/png"), b"", Err(12_300)),
            (Mms, Some("image/jpeg"), b"\xff\xd8\xff\xe0", Ok("image/jpeg")),
            (Mms, Some("image/gif"), b"GIF89a", Ok("image/gif")),
            (Mms, Some("audio/mpeg"), b"any", Ok("audio/mpeg")),
            (Mms, Some("application/pdf"), b"%PDF-1.7", Ok("application/pdf")),
            (Mms, Some("text/html"), b"<html>", Err(12_300)),
            (Mms, Some("application/octet-stream"), PNG, Err(12_300)),
            (Mms, Some("image/webp"), b"RIFF", Err(12_300)),
            (WhatsApp, Some("image/webp"), b"RIFF", Ok("image/webp")),
            (WhatsApp, Some("image/gif"), b"GIF89a", Err(12_300)),
            (Mms, Some(" "), PNG, Err(12_300)),
            (Mms, None, PNG, Err(12_300)),
        ] {
            let judged = judge(carriage, content_type, bytes).map_err(|unfit| unfit.code);
            assert_eq!(judged, found.map(str::to_owned), "{carriage:?} {content_type:?}");
        }
    }

    #[test]
    fn pictures_may_be_larger_than_other_files_and_whatsapp_takes_more() {
        let file = |beginning: &[u8], bytes| {
            let mut file = beginning.to_vec();
            file.resize(bytes, 0);
            file
        };
        for (carriage, content_type, beginning, bytes, fits) in [
            (Mms, "image/png", PNG, MMS_BYTES_MAX, true),
            (Mms, "image/png", PNG, MMS_BYTES_MAX + 1, false),
            (Mms, "video/mp4", b"", MMS_OTHER_BYTES_MAX, true),
            (Mms, "video/mp4", b"", MMS_OTHER_BYTES_MAX + 1, false),
            (WhatsApp, "video/mp4", b"", WHATSAPP_BYTES_MAX, true),
            (WhatsApp, "video/mp4", b"", WHATSAPP_BYTES_MAX + 1, false),
        ] {
            let judged = judge(carriage, Some(content_type), &file(beginning, bytes));
            let code = judged.err().map(|unfit| unfit.code);
            assert_eq!(code, (!fits).then_some(11_751), "{content_type} {bytes}");
        }
        assert!(judge_all(Mms, [MMS_BYTES_MAX - 1, 1].into_iter()).is_ok());
        assert_eq!(judge_all(Mms, [MMS_BYTES_MAX, 1].into_iter()).map_err(|u| u.code), Err(11_751));
    }
}
