package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * {@code GET /v1/history?peer=&group=&limit=50&before=&after=&search=&unread=false}.
 *
 * @param entries oldest first
 * @param before the cursor to ask for older ones with; absent when there are none
 * @param incomplete true when a search gave up before it had looked at all that is older: ask again with {@code before}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryPage(List<HistoryEntry> entries, Long before, boolean incomplete) {}
