/**
 * Model ids, aliases and families, and the models that lie on this machine. Knows nothing of audio,
 * of engines and of the HTTP server. The package {@code hub} asks the Hugging Face Hub and builds
 * on this one; {@code cache} downloads and builds on both.
 */
@NullMarked
package dev.parlo.registry;

import org.jspecify.annotations.NullMarked;
