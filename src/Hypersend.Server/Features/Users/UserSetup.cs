namespace Hypersend.Server.Features.Users;

/// <summary>Registers the feature.</summary>
internal static class UserSetup
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<EditProfile>();
        services.AddSingleton<ChangeAvatar>();
        services.AddSingleton<ChangeSettings>();
        services.AddSingleton<DeleteAccount>();
    }
}
