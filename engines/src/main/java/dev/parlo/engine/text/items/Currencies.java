package dev.parlo.engine.text.items;

import java.util.Map;

/** The signs of currencies. */
final class Currencies {
    private static final Map<String, String> SIGNS =
            Map.ofEntries(
                    Map.entry("$", "USD"),
                    Map.entry("€", "EUR"),
                    Map.entry("£", "GBP"),
                    Map.entry("¥", "JPY"),
                    Map.entry("₹", "INR"),
                    Map.entry("₩", "KRW"),
                    Map.entry("₽", "RUB"),
                    Map.entry("₺", "TRY"),
                    Map.entry("₴", "UAH"),
                    Map.entry("₪", "ILS"),
                    Map.entry("₦", "NGN"),
                    Map.entry("₫", "VND"),
                    Map.entry("₱", "PHP"),
                    Map.entry("₿", "BTC"));
    private static final Map<String, String> LETTERS_BEFORE_DOLLAR =
            Map.ofEntries(
                    Map.entry("US", "USD"),
                    Map.entry("CA", "CAD"),
                    Map.entry("C", "CAD"),
                    Map.entry("AU", "AUD"),
                    Map.entry("A", "AUD"),
                    Map.entry("NZ", "NZD"),
                    Map.entry("HK", "HKD"),
                    Map.entry("S", "SGD"),
                    Map.entry("MX", "MXN"),
                    Map.entry("R", "BRL"));

    private static final Map<String, String> LETTERS_BEHIND_DOLLAR =
            Map.of("US", "USD", "CA", "CAD", "AU", "AUD");

    private Currencies() {}

    /** A currency whose sign ends before the token {@code next}. */
    record Sign(String currency, int next) {
        static final Sign NONE = new Sign("", -1);

        boolean found() {
            return next >= 0;
        }
    }

    /** The sign or code that begins at a token. */
    static Sign at(Tokens tokens, int index, Map<String, ?> known) {
        String text = tokens.text(index);
        String sign = SIGNS.get(text);
        if (sign != null) {
            // 20$US, $US 20
            String behind =
                    sign.equals("USD") ? LETTERS_BEHIND_DOLLAR.get(tokens.text(index + 1)) : null;
            return behind == null ? new Sign(sign, index + 1) : new Sign(behind, index + 2);
        }
        String prefixed = LETTERS_BEFORE_DOLLAR.get(text);
        if (prefixed != null && tokens.is(index + 1, '$')) {
            return new Sign(prefixed, index + 2);
        }
        if (text.equals("US") && tokens.space(index + 1) && tokens.is(index + 2, '$')) {
            return new Sign("USD", index + 3);
        }
        if ((text.equals("JP") || text.equals("CN")) && tokens.is(index + 1, '¥')) {
            return new Sign(text.equals("JP") ? "JPY" : "CNY", index + 2);
        }
        if (text.equals("RMB") && known.containsKey("CNY")) {
            return new Sign("CNY", index + 1);
        }
        if (text.equals("Rs")) {
            return new Sign("INR", tokens.is(index + 1, '.') ? index + 2 : index + 1);
        }
        return text.length() == 3 && known.containsKey(text)
                ? new Sign(text, index + 1)
                : Sign.NONE;
    }
}
