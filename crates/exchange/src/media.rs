//! Media of messages: what type a URL's content is taken for.

/// Extensions and the media types they stand for.
const TYPES: &[(&str, &str)] = &[
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("ogg", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("vcf", "text/vcard"),
    ("txt", "text/plain"),
];

/// The media type of a URL's content, by the extension of its path.
pub fn content_type_of(url: &str) -> &'static str {
    let path = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    let extension = extension.map(|(_, extension)| extension.to_ascii_lowercase());
    TYPES
        .iter()
        .find(|(known, _)| Some(*known) == extension.as_deref())
        .map_or("application/octet-stream", |(_, content_type)| *content_type)
}
