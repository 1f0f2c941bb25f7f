/** Downloading models: {@code POST /v1/models/<model_id>} and {@code /v1/downloads}. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.downloads;
