using Hypersend.BrowserTests;

// One browser and one server for all: each person has a context and a name of their own.
[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(AppServer))]
