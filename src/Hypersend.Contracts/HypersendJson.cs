using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Server;
using Hypersend.Contracts.Updates;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts;

/// <summary>The one source-generated JSON context of the wire: snake_case, ids and times as the contract writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(InstantConverter)],
    MaxDepth = 32)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(ConfirmRequest))]
[JsonSerializable(typeof(ConfirmationSent))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ForgotPasswordRequest))]
[JsonSerializable(typeof(ResetPasswordRequest))]
[JsonSerializable(typeof(TotpCodeRequest))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(Page<Session>), TypeInfoPropertyName = "PageOfSessions")]
[JsonSerializable(typeof(TotpSetup))]
[JsonSerializable(typeof(RecoveryCodeList))]
[JsonSerializable(typeof(SocketTicket))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Page<User>), TypeInfoPropertyName = "PageOfUsers")]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(DeleteAccountRequest))]
[JsonSerializable(typeof(UserSettings))]
[JsonSerializable(typeof(AdminUpdateUserRequest))]
[JsonSerializable(typeof(ServerSettings))]
[JsonSerializable(typeof(CreateInviteRequest))]
[JsonSerializable(typeof(RegistrationInvite))]
[JsonSerializable(typeof(Page<RegistrationInvite>), TypeInfoPropertyName = "PageOfInvites")]
[JsonSerializable(typeof(DebugStatus))]
[JsonSerializable(typeof(DebugLogs))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Page<Release>), TypeInfoPropertyName = "PageOfReleases")]
[JsonSerializable(typeof(PublishReleaseRequest))]
[JsonSerializable(typeof(UpdateCheck))]
[JsonSerializable(typeof(ServerCard))]
[JsonSerializable(typeof(Health))]
public sealed partial class HypersendJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: text leaves as it came, not as \u escapes. It is never put into HTML, and every answer says
    /// nosniff.
    /// </summary>
    public static HypersendJson Wire => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });
}
