/**
 * Model ids, aliases, the Hugging Face Hub and the model files on disk. Knows nothing of audio, of
 * engines and of the HTTP server.
 */
@NullMarked
package dev.parlo.registry;

import org.jspecify.annotations.NullMarked;
