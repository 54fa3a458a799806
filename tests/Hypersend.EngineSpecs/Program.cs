using Hypersend.EngineSpecs;
using Hypersend.EngineSpecs.Sql;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The spec's own executable started as a child: it migrates until it is killed.
if (args is [MigratingChild.Word, var engine, var url])
    return await MigratingChild.RunAsync(engine, url);

return args.Any(arg => arg is "-automated" or "@@")
    ? await ConsoleRunner.Run(args)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
