using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Auth;

/// <summary>Sign-in for routes: sessions, policies, and the parts that read tokens.</summary>
internal static class AuthSetup
{
    public const string AdminPolicy = "admin";

    public static void AddAuth(this IServiceCollection services, SettingsReader settings)
    {
        var lifetime = TimeSpan.FromMinutes(settings.Whole("ACCESS_TOKEN_MINUTES", 15, 1, 1440, "minutes"));
        services.AddSingleton(provider => new AccessTokens(
            provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<TimeProvider>(), lifetime));
        services.AddSingleton<MediaCookies>();
        services.AddSingleton<UploadTokens>();
        services.AddSingleton<OwnOrigin>();
        services.AddSingleton<SessionCache>();
        services.AddHostedService<RevocationPoll>();

        // AddAuthentication would bring data protection and its key files; our tokens have keys of their own.
        services.AddWebEncoders();
        services.AddTransient<SessionAuthentication>();
        services.AddAuthenticationCore(options =>
        {
            options.AddScheme<SessionAuthentication>(SessionAuthentication.SchemeName, null);
            options.DefaultScheme = SessionAuthentication.SchemeName;
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(AdminPolicy, policy => policy.RequireAssertion(context => context.User.Identity is Caller { IsAdmin: true }));
    }

    /// <summary>Only server admins; everybody else gets 403.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(AdminPolicy);

    /// <summary>The token of one upload is enough; which upload is for the route to check.</summary>
    public static TBuilder AllowUploadToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new UploadTokenAllowed());

    /// <summary>A signature in the address is enough; the feature that signs also reads.</summary>
    public static TBuilder AllowSignedUrl<TBuilder>(this TBuilder builder, string parameter, Func<HttpContext, string, SessionId?> read)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SignedUrlAllowed(parameter, read));

    /// <summary>Images of a page come with the media cookie.</summary>
    public static TBuilder AllowMediaCookie<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new MediaCookieAllowed());
}
