//! Pictures from the camera, scaled down on the phone.

use domain::photo::LARGE_SIDE;
use leptos::prelude::window;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::js_sys::Uint8Array;
use leptos::web_sys::{File, FormData};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, ImageEncodeOptions, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// The browser cannot read a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadablePicture;

/// The picture in a form, if there is one, scaled down to the stored size (JPEG).
pub async fn picture_in(data: &FormData) -> Result<Option<Vec<u8>>, UnreadablePicture> {
    match data.get("photo").dyn_into::<File>() {
        Ok(file) if file.size() > 0.0 => resize(&file).await.ok_or(UnreadablePicture).map(Some),
        _ => Ok(None),
    }
}

async fn resize(file: &File) -> Option<Vec<u8>> {
    let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(file).ok()?).await.ok()?;
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let (width, height) = scaled_size(bitmap.width(), bitmap.height());
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    let (across, down) = (f64::from(width), f64::from(height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, across, down).ok()?;
    bitmap.close();
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(0.8);
    let blob: Blob = JsFuture::from(canvas.convert_to_blob_with_options(&options).ok()?).await.ok()?.unchecked_into();
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// The dimensions after scaling, in the same proportions.
fn scaled_size(width: u32, height: u32) -> (u32, u32) {
    let long = width.max(height);
    let side = |side: u32| if long > LARGE_SIDE { (side * LARGE_SIDE / long).max(1) } else { side };
    (side(width), side(height))
}
