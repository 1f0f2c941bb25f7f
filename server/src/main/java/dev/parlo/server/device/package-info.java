/** On which devices models are computed, as the settings ask and as this machine allows. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.device;
