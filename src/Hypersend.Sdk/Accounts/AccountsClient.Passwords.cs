using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Accounts;

public sealed partial class AccountsClient
{
    /// <summary>Changes my password; my other sessions end.</summary>
    [Call("PUT", "/api/v1/auth/change-password")]
    [Call("POST", "/api/v1/auth/change-password")]
    public Task ChangePasswordAsync(ChangePasswordRequest request, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Put("/api/v1/auth/change-password").With(request, HypersendJson.Wire.ChangePasswordRequest), cancellation);

    /// <summary>Asks for a reset mail; whether the address is known, only its owner learns.</summary>
    [Call("POST", "/api/v1/auth/forgot-password")]
    public Task ForgotPasswordAsync(ForgotPasswordRequest request, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post("/api/v1/auth/forgot-password").Unsigned().With(request, HypersendJson.Wire.ForgotPasswordRequest), cancellation);

    /// <summary>Sets a new password with the token of the mail; all sessions end.</summary>
    [Call("POST", "/api/v1/auth/reset-password")]
    public Task ResetPasswordAsync(ResetPasswordRequest request, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post("/api/v1/auth/reset-password").Unsigned().With(request, HypersendJson.Wire.ResetPasswordRequest), cancellation);

    /// <summary>Begins two-step verification: a secret for the authenticator app.</summary>
    [Call("POST", "/api/v1/auth/totp/setup")]
    public Task<TotpSetup> SetUpTotpAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/auth/totp/setup"), HypersendJson.Wire.TotpSetup, cancellation);

    /// <summary>Switches two-step verification on with the app's first code; the recovery codes are shown this once.</summary>
    [Call("POST", "/api/v1/auth/totp/enable")]
    public Task<RecoveryCodeList> EnableTotpAsync(TotpCodeRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post("/api/v1/auth/totp/enable").With(request, HypersendJson.Wire.TotpCodeRequest), HypersendJson.Wire.RecoveryCodeList, cancellation);

    /// <summary>Switches two-step verification off, with a code or a recovery code.</summary>
    [Call("POST", "/api/v1/auth/totp/disable")]
    public Task DisableTotpAsync(TotpCodeRequest request, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post("/api/v1/auth/totp/disable").With(request, HypersendJson.Wire.TotpCodeRequest), cancellation);
}
