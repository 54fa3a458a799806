namespace Hypersend.Server.Features.Links;

/// <summary>Registers the feature.</summary>
internal static class LinkSetup
{
    public static void AddLinks(this IServiceCollection services)
    {
        services.AddSingleton<LinkCookies>();
        services.AddSingleton<LinkProofs>();
        services.AddSingleton<LinkPage>();
        services.AddSingleton<ShareFile>();
        services.AddSingleton<VisitLink>();
    }
}
