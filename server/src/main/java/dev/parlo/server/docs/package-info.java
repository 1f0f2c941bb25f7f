/** The description of the API: {@code /openapi.json}, {@code /docs} and {@code /redoc}. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.docs;
