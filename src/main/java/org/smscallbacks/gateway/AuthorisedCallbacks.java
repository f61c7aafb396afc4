package org.smscallbacks.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.smscallbacks.config.AuthorisedRequest;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.SignedRequest;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.JsonOrXml;

/** Callbacks as their provider sends them, with token and signature. */
public final class AuthorisedCallbacks {

    private final TrialAccounts accounts;

    public AuthorisedCallbacks(Settings settings) {
        this.accounts = new TrialAccounts(settings);
    }

    /**
     * The account that such a callback is for.
     *
     * @throws ConfigurationException when there is no such provider or account
     */
    public String account(TrialRequest request) {
        return accounts.of(request).name();
    }

    /**
     * This callback.
     *
     * @param address scheme, host and port that are called; a signature is over the public URL, where one is configured
     * @throws ConfigurationException when there is no such provider or account
     */
    public AuthorisedRequest of(TrialRequest request, String address, Instant now) {
        var account = accounts.of(request);
        var isGet = request.isGet();
        var body = isGet ? request.query().getBytes(StandardCharsets.UTF_8) : request.body();
        var signed = new SignedRequest(
                isGet,
                request::header,
                accounts.url(account, request.query(), address),
                FormFields.parameters(request.query()),
                () -> JsonOrXml.fields(body),
                body);
        return account.credentials().authorised(signed, now);
    }
}
