package dev.parley.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of an expression in PromQL only this: which series it asks for, and with which labels. */
final class PromQl {
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|[A-Za-z_:][A-Za-z0-9_:]*|[0-9][0-9.eE]*[a-z]*|=~|!~|!=|==|<=|>=|\\S");

    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "unless",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "offset",
            "bool",
            "inf",
            "nan");
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    /** One condition on a label: {@code operator} is {@code =}, {@code !=}, {@code =~} or {@code !~}. */
    record Matching(String label, String operator, String value) {}

    /** A series that is asked for. */
    record Selector(String metric, List<Matching> matchings) {}

    private PromQl() {}

    /** In the order of the text. */
    static List<Selector> selectors(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (BEFORE_LABELS.contains(token) && next.equals("(")) {
                i = tokens.subList(i, tokens.size()).indexOf(")") + i;
            } else if (isName(token) && !WORDS.contains(token) && !next.equals("(") && !isFollowedByLabels(tokens, i)) {
                List<Matching> matchings = new ArrayList<>();
                if (next.equals("{")) {
                    for (i += 2; i + 2 < tokens.size() && !tokens.get(i).equals("}"); i++) {
                        if (!tokens.get(i).equals(",")) {
                            String value = tokens.get(i + 2);
                            matchings.add(new Matching(
                                    tokens.get(i), tokens.get(i + 1), value.substring(1, value.length() - 1)));
                            i += 2;
                        }
                    }
                }
                selectors.add(new Selector(token, List.copyOf(matchings)));
            }
        }
        return selectors;
    }

    private static boolean isName(String token) {
        return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_' || token.charAt(0) == ':';
    }

    /** {@code sum by (pod) (...)}: an aggregation, whose labels come before what it aggregates. */
    private static boolean isFollowedByLabels(List<String> tokens, int at) {
        return at + 1 < tokens.size() && Set.of("by", "without").contains(tokens.get(at + 1));
    }
}
