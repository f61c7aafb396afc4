package org.smscallbacks.http;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.smscallbacks.mapping.JsonOrXml;

/** What a body says name by name, read when a signature is over that, and then once. */
final class SignedContent implements Supplier<List<Map.Entry<String, String>>> {

    private final byte[] bytes;
    private List<Map.Entry<String, String>> fields;
    private boolean isRead;

    SignedContent(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public List<Map.Entry<String, String>> get() {
        if (!isRead) {
            fields = JsonOrXml.fields(bytes);
            isRead = true;
        }
        return fields;
    }
}
