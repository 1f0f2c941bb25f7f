/**
 * Fills the Hugging Face cache beside {@code huggingface_hub}: locks between processes, verified
 * blobs, ranges that go on where they stopped, snapshots that appear in one step, leftovers of
 * ended processes. Begin with {@link dev.parlo.registry.cache.ModelDownloader}.
 */
@NullMarked
package dev.parlo.registry.cache;

import org.jspecify.annotations.NullMarked;
