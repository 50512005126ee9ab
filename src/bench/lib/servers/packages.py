"""Packages of Relais beside each other, each with a JDK, JVM options and config keys of its own."""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys

from servers import jdk
from servers.paths import ROOT
from servers.relais import Relais
from servers.server import free_ports

BUILT = ROOT / "target/quarkus-app"
WANTED_JDKS = (17, 25)
NAME = re.compile(r"([A-Za-z0-9][\w.-]*):(.*)", re.S)  # NAME:VALUE; no JVM option and no config key begins so


class Package(Relais):
    """`path` is a folder with the launcher or the jar in it, a launcher, or a jar."""

    shipped = False

    def __init__(self, name, path, java, jvm, settings, args, directory):
        self.name, self.path, self.java, self.jvm, self.settings_of_run = name, path, java, jvm, settings
        self.version = jdk.version(java)
        super().__init__(args, directory)

    @property
    def words(self):
        how = "the launcher" if self.program().suffix != ".jar" else "java -jar"
        options = "".join(f" {option}" for option in self.jvm) + "".join(f" {key}={value}" for key, value in self.settings_of_run.items())
        return f"Relais, {how} of {self.path}, JDK {self.version}{options}"

    def program(self):
        """The launcher where there is one, else the jar."""
        if not self.path.is_dir():
            return self.path
        launcher = self.path / "relais"
        return launcher if launcher.is_file() else self.path / "quarkus-run.jar"

    def start(self):
        program = self.program()
        if not program.exists():
            sys.exit(f"{program} is missing: ./mvnw -ntp package -DskipTests")
        (self.port,), (self.management,) = free_ports(1, self.address), free_ports(1)
        self.run_directory = self.home / "run"
        self.run_directory.mkdir()
        config = self.keys() | {"quarkus.http.host": self.address} | self.settings_of_run
        (self.home / "config").mkdir()  # read by Quarkus from the working directory, whoever starts the JVM
        (self.home / "config/application.properties").write_text("".join(f"{k}={v}\n" for k, v in config.items()))
        if program.suffix == ".jar":
            self.gateway = self.spawn(self.java, *self.jvm, "-jar", program.resolve())
        else:
            self.gateway = self.spawn(program.resolve(), *self.jvm, JAVA_HOME=str(self.java_home()))

    def java_home(self):
        return pathlib.Path(shutil.which(self.java)).resolve().parents[1]

    def make_cache(self):
        """Has the launcher make its cache of classes for this JDK, unless there is one: part of the installation, and not of a start."""
        program = self.program()
        if program.suffix == ".jar" or not program.exists():
            return
        release = (self.java_home() / "release").read_text()
        runtime = re.search(r'JAVA_RUNTIME_VERSION="([^"]*)"', release) or re.search(r'JAVA_VERSION="([^"]*)"', release)
        if not list((program.resolve().parent / "cache").glob(f"{glob.escape(runtime[1])}.*")):
            run = subprocess.run([program.resolve(), "--make-cache"], env=os.environ | {"JAVA_HOME": str(self.java_home())}, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            print(run.stdout, flush=True)

    def client(self):
        return ["--address", self.address, "--port", self.port]

    def front(self):
        raise NotImplementedError("servers.spent tells front from PHP, also behind a launcher")


def named(values, name):
    """Of [NAME:]VALUE those for this name, and those for all."""
    found = []
    for value in values:
        match = NAME.fullmatch(value)
        if not match:
            found.append(value)
        elif match[1] == name:
            found.append(match[2])
    return found


def paths(values):
    """{name: path} of [NAME=]PATH, several in one by commas."""
    found = {}
    for number, item in enumerate(item for value in values for item in value.split(",")):
        name, equals, path = item.rpartition("=")
        name = name or ("relais" if number == 0 else f"relais-{number + 1}")
        if name in found:
            sys.exit(f"--relais: {name} twice")
        found[name] = pathlib.Path(path)
    return found


def packages(args):
    """A list of (name, function of (directory, name there) that makes the server): those of --relais, else the built one on each JDK."""
    if args.relais:
        wanted = [(name, path, named(args.java, name)[-1:] or ["java"]) for name, path in paths(args.relais).items()]
    else:
        wanted = [(f"relais-{number}", BUILT, [java]) for number in WANTED_JDKS if (java := jdk.find(number))]
    return [(name, maker(name, path.resolve(), jdk.find(java) or java, args)) for name, path, (java,) in wanted]


def maker(name, path, java, args):
    settings = dict(pair.split("=", 1) for pair in named(args.config, name))
    return lambda directory, as_name: Package(as_name, path, java, named(args.jvm, name), settings, args, directory)
