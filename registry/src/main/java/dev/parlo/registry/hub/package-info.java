/**
 * The Hugging Face Hub over HTTP: model lists, model info, file headers, file bytes; when a failed
 * call is made again and what a refusal means. Begin with {@link dev.parlo.registry.hub.HubClient}.
 */
@NullMarked
package dev.parlo.registry.hub;

import org.jspecify.annotations.NullMarked;
