"""Django's command line for the embedded core: `python -m embedded_core.manage <command>`."""

import os
import sys

NEED_NO_DATABASE = {"check", "export_schema", "help", "makemigrations"}


def main() -> None:
    command = next(iter(sys.argv[1:]), "help")
    if command not in NEED_NO_DATABASE and not os.environ.get("EMBEDDED_CORE_DATABASE_URL"):
        sys.exit("EMBEDDED_CORE_DATABASE_URL must be set to a postgresql:// URL.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "embedded_core.settings"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
