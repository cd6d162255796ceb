package dev.parley.admin;

import java.time.Instant;
import java.util.List;

/**
 * {@code GET /v1/doctor}.
 *
 * @param at when it was looked
 * @param findings of every check at least one
 */
public record DoctorReport(Instant at, List<Finding> findings) {}
