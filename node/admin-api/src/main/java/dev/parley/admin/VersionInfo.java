package dev.parley.admin;

/**
 * {@code GET /v1/version}.
 *
 * @param apiVersion the node's {@link AdminApi#VERSION}
 * @param version the node's own version
 * @param protocol the wire protocol, {@code PSP/1}
 * @param java the Java runtime that the node runs on
 */
public record VersionInfo(int apiVersion, String version, String protocol, String java) {}
