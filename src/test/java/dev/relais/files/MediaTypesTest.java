package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {
    @ParameterizedTest
    @CsvSource({
        "a.js,           text/javascript; charset=utf-8",
        "a.mjs,          text/javascript; charset=utf-8",
        "a.css,          text/css; charset=utf-8",
        "a.html,         text/html",
        "a.xml,          application/xml",
        "a.txt,          text/plain; charset=utf-8",
        "a.csv,          text/csv; charset=utf-8",
        "a.md,           text/markdown; charset=utf-8",
        "a.vtt,          text/vtt; charset=utf-8",
        "a.ics,          text/calendar; charset=utf-8",
        "a.wasm,         application/wasm",
        "a.json,         application/json",
        "a.map,          application/json",
        "a.webmanifest,  application/manifest+json",
        "a.svg,          image/svg+xml",
        "a.webp,         image/webp",
        "a.avif,         image/avif",
        "a.jxl,          image/jxl",
        "a.heic,         image/heic",
        "a.ico,          image/vnd.microsoft.icon",
        "a.PNG,          image/png",
        "a.woff,         font/woff",
        "a.woff2,        font/woff2",
        "a.ttf,          font/ttf",
        "a.otf,          font/otf",
        "a.mp4,          video/mp4",
        "a.webm,         video/webm",
        "a.m4a,          audio/mp4",
        "a.ogg,          audio/ogg",
        "a.opus,         audio/ogg",
        "a.m3u8,         application/vnd.apple.mpegurl",
        "a.pdf,          application/pdf",
        "a.xlsx,         application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "a.tar.gz,       application/gzip",
        "a.zst,          application/zstd",
        "a.atom,         application/atom+xml",
        "a.rss,          application/rss+xml",
        "a.glb,          model/gltf-binary",
        "a.unheard-of,   application/octet-stream",
        "a,              application/octet-stream",
        "js,             application/octet-stream",
        "a.,             application/octet-stream",
    })
    void theExtensionSaysTheType(String name, String type) {
        assertEquals(type, MediaTypes.of(name));
    }
}
