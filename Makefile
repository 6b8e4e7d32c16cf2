# 联建一张图 · Lianjian. `make help` 列出命令。
.DEFAULT_GOAL := help
.PHONY: help install demo run stop test check bench docs doctor vendor lock
SHELL := /bin/bash
LIANJIAN := .venv/bin/lianjian

# 追加参数 · more arguments: make demo ARGS="--scale 0.05"
ARGS ?=

help: ## 列出命令 · list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## 只安装，不启动 · install and nothing else
	@bash scripts/install.sh run

demo: install ## 装好、建演示城市、启动服务；Ctrl-C 停止 · install, seed the demo city, serve
	@$(LIANJIAN) demo $(ARGS)

run: install ## 启动服务 · serve what the data folder holds
	@$(LIANJIAN) serve $(ARGS)

stop: ## 停止内置数据库 · stop the embedded database
	@$(LIANJIAN) stop

test: ## 装好并运行全部测试 · install and run every test
	@bash scripts/install.sh test
	@.venv/bin/python -m pytest $(ARGS)

check: ## 静态检查 · linting, types, import direction
	@bash scripts/install.sh check
	@.venv/bin/ruff check .
	@.venv/bin/mypy gis layers
	@.venv/bin/lint-imports

bench: ## 性能比值 · benchmark, prints ratios
	@bash scripts/install.sh check
	@.venv/bin/python -m bench $(ARGS)

docs: install ## 生成文档 · write the generated pages of docs/
	@$(LIANJIAN) docs $(ARGS)

doctor: install ## 检查安装与数据 · look for what is wrong with this installation
	@$(LIANJIAN) doctor $(ARGS)

vendor: install ## 重新复制网页组件 · copy the front-end packages again
	@.venv/bin/python scripts/vendor.py

lock: ## 重新锁定依赖版本 · pin and hash the dependencies anew
	@bash scripts/lock.sh
