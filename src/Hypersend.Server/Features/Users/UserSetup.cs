namespace Hypersend.Server.Features.Users;

/// <summary>Registers the feature.</summary>
internal static class UserSetup
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<TellOfPerson>();
        services.AddSingleton<EditProfile>();
        services.AddSingleton<TiePeople>();
        services.AddSingleton<ChangeAvatar>();
        services.AddSingleton<ChangeSettings>();
        services.AddSingleton<DeleteAccount>();
    }
}
